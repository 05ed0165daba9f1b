using System.Globalization;

namespace Streaming.Faults.Engine;

/// <summary>A shard that has committed no more than it had.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Phase">What it does by its own account.</param>
/// <param name="Committed">Its committed position in events.</param>
/// <param name="Had">The one it had to get beyond.</param>
/// <param name="FedTo">Where its partition of the events ends; null where that is not known.</param>
internal readonly record struct ShardStand(int Partition, string Phase, long Committed, long Had, long? FedTo)
{
    /// <summary>Where its last take-over spent its time, or at which step it is.</summary>
    public string TakeOver { get; init; } = "";

    /// <summary>Whether it runs and has read all there is: then the feeder is the one that stands.</summary>
    public bool IsUnfed => Phase == "running" && FedTo <= Committed;

    /// <summary>Who stands, the engine or the harness's feeder.</summary>
    public static string Tell(IReadOnlyList<ShardStand> stands)
    {
        var (unfed, stuck) = (stands.Where(s => s.IsUnfed).ToList(), stands.Where(s => !s.IsUnfed).ToList());
        var engine = $"not every shard goes on: {string.Join(", ", stuck)}";
        if (unfed.Count == 0) return engine;
        var feeder = $"nothing was fed, so the feeder stands and not the shard: {string.Join(", ", unfed)}";
        return stuck.Count == 0 ? feeder : $"{engine}; {feeder}";
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition} ({Phase}, at {Committed}, had {Had}, fed up to {(FedTo is { } end ? $"{end}" : "where is not known")}{(Phase == "running" || TakeOver.Length == 0 ? "" : $"; take-over {TakeOver}")})");
}
