namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench flush</c>.</summary>
/// <param name="Rows">Rows written, the first flush left out.</param>
/// <param name="Flushes">Flushes they came in.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="DueEntries">Due entries that the engine wrote or removed with them.</param>
/// <param name="RowsPerSecond">Rows a second through the engine's store: due entries, rows and R.</param>
/// <param name="PlainRowsPerSecond">The same rows' bytes, inserted by the bare driver.</param>
public sealed record FlushBenchResult(long Rows, long Flushes, long Bytes, long DueEntries, double RowsPerSecond, double PlainRowsPerSecond)
{
    /// <summary>The engine's share of the plain rate.</summary>
    public double Ratio => RowsPerSecond / PlainRowsPerSecond;
}
