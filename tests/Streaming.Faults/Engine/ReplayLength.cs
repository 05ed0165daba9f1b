using System.Globalization;

namespace Streaming.Faults.Engine;

/// <summary>
/// How many events each life of the engine replayed, against what lay between its durable and its committed position when it began: what was durable when the life before was seen last, and what is
/// committed when this one is seen first, are a little farther apart than the two were. A durable position that stands would let both grow together: so the last lives may not replay more than the first.
/// </summary>
internal sealed class ReplayLength
{
    // Lives are of 0 to 4 s, and a flush comes every second of them: what a life replays varies by so much by chance.
    private const double Chance = 500, Growth = 2;
    private readonly List<double> _replayed = [];
    private long _durable;

    /// <summary>Notes what a life has made durable. For shortly before its end.</summary>
    public async Task NoteAsync(EngineProcess engine, CancellationToken cancellation)
    {
        if (await engine.StatusAsync(cancellation) is { } status) _durable = Math.Max(_durable, ShardStates.Durable(status)); // one that is still being taken over does not know it
    }

    /// <summary>Checks a life whose shards all run. For soon after they do.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public async Task<string?> JudgeAsync(EngineProcess engine, CancellationToken cancellation)
    {
        var replayed = await engine.MetricAsync("streaming_replayed_events_total", cancellation);
        if (await engine.StatusAsync(cancellation) is not { } status) return "the engine does not say how far it is";
        _replayed.Add(replayed);
        var most = ShardStates.Committed(status) - _durable;
        return replayed <= most ? null : string.Create(CultureInfo.InvariantCulture, $"{replayed:0} events were replayed, and no more than {most} lay between what was durable and what was committed");
    }

    /// <summary>Holds the last third of the lives against the first.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public string? JudgeGrowth() => GrowthOf(_replayed);

    /// <summary>The same of numbers of events replayed, in the lives' order.</summary>
    internal static string? GrowthOf(List<double> replayed)
    {
        var third = replayed.Count / 3;
        if (third == 0) return null;
        var (first, last) = (Median(replayed[..third]), Median(replayed[^third..]));
        return last <= Growth * Math.Max(first, Chance) ? null : string.Create(CultureInfo.InvariantCulture, $"the replay grows: a median of {first:0} events in the first {third} lives, {last:0} in the last");
    }

    /// <summary>Writes the least, the median and the greatest into a case's figures.</summary>
    public void Into(Dictionary<string, double> figures)
    {
        if (_replayed.Count == 0) return;
        (figures["events replayed by a life, least"], figures["events replayed by a life, median"], figures["events replayed by a life, most"]) = (_replayed.Min(), Median(_replayed), _replayed.Max());
    }

    private static double Median(List<double> of) => of.Order().ElementAt(of.Count / 2);
}
