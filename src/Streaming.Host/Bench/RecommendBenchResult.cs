namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench recommend</c>.</summary>
/// <param name="Events">Events worked, with a list for every user touched by a batch.</param>
/// <param name="Seconds">From the first batch to R = C = end of every shard.</param>
/// <param name="Lists">Recommendations made.</param>
/// <param name="Degraded">Of these, marked as degraded.</param>
/// <param name="Late">Of these, gathered late in their batch, without the pass over all vectors.</param>
/// <param name="RowsScored">Rows that the model scored.</param>
/// <param name="BatchRows">Mean rows of one model run.</param>
/// <param name="StageRowsPerSecond">Rows a second of the time that model runs took within the whole.</param>
/// <param name="FoldSeconds">Floor: the same events without recommendations (the fold benchmark), s.</param>
/// <param name="RecallPerSecond">Floor: users a second whose candidates are gathered with nothing around it, one thread a shard.</param>
/// <param name="BareRowsPerSecond">Floor: rows a second of a bare session with runs of the mean size, one thread.</param>
public sealed record RecommendBenchResult(long Events, double Seconds, long Lists, long Degraded, long Late, long RowsScored, double BatchRows, double StageRowsPerSecond, double FoldSeconds, double RecallPerSecond,
    double BareRowsPerSecond)
{
    /// <summary>What the floors add up to, one after the other, s.</summary>
    public double PredictedSeconds => FoldSeconds + ((Lists - Late) / RecallPerSecond) + (RowsScored / BareRowsPerSecond);

    /// <summary>Share of the rate that the floors' sum predicts.</summary>
    public double Ratio => PredictedSeconds / Seconds;

    /// <summary>Share of the bare session's rate that the runs within the whole reach.</summary>
    public double StageRatio => StageRowsPerSecond / BareRowsPerSecond;
}
