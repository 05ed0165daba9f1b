namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench score</c>; the keys are fixed.</summary>
/// <param name="Model">Name and version of the ranker.</param>
/// <param name="Rows">Rows that the stage scored in the measured turns.</param>
/// <param name="BatchRows">Most rows of one run.</param>
/// <param name="RowsPerSecond">Rate of the stage, median of the turns.</param>
/// <param name="BareRowsPerSecond">Rate of <c>InferenceSession.Run</c> alone over runs of <paramref name="BatchRows"/> with bound buffers, median of the same turns.</param>
/// <param name="Request">A request, from the call to its scores.</param>
/// <param name="MeanBatchRows">Rows of one run of the stage, mean.</param>
/// <param name="RunShare">Share of the stage's time that it spent within model runs.</param>
/// <param name="RunMicrosecondsPerRow">Time within model runs of the stage, a row.</param>
/// <param name="FillMicrosecondsPerRow">Time in which a shard fills the features of a row, before it asks, by the engine's own writer.</param>
public sealed record ScoreBenchResult(string Model, long Rows, int BatchRows, double RowsPerSecond, double BareRowsPerSecond, Percentiles Request, double MeanBatchRows, double RunShare,
    double RunMicrosecondsPerRow, double FillMicrosecondsPerRow)
{
    /// <summary>The stage's rate as a share of the bare loop's.</summary>
    public double Ratio => RowsPerSecond / BareRowsPerSecond;

    /// <summary>Share of filling features in the time of both, filling and running.</summary>
    public double FillShare => FillMicrosecondsPerRow / (FillMicrosecondsPerRow + RunMicrosecondsPerRow);
}
