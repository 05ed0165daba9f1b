namespace Streaming.Host.Bench;

/// <summary>What <c>bench memory</c> measures.</summary>
public sealed record MemoryBenchOptions
{
    /// <summary>Users of the population.</summary>
    public required int Users { get; init; }
    /// <summary>Events a user on average.</summary>
    public int EventsPerUser { get; init; } = 20;
    /// <summary>Shards.</summary>
    public int Shards { get; init; } = 4;
    /// <summary>Profiles of one shard kept as objects; the others stay as packed rows.</summary>
    public int Objects { get; init; } = 5_000;
    /// <summary>Items that have a vector.</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;
}
