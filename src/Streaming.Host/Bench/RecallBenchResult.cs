namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench recall</c>; the keys are fixed.</summary>
/// <param name="Sessions">Sessions in the index.</param>
/// <param name="Neighbours">Session neighbours of one user.</param>
/// <param name="Recall">All sources of one user but the scan, and the merge.</param>
/// <param name="Vectors">Items of the scan.</param>
/// <param name="ScanVectors">Exact scan of all vectors for one query, where the vectors themselves decide; its floor, the memory's: a plain sum over the same bytes.</param>
/// <param name="ScanBytes">The same answer where bytes decide who is looked at, as recall does it; its floor: a plain sum over those bytes.</param>
public sealed record RecallBenchResult(int Sessions, Percentiles Neighbours, Percentiles Recall, int Vectors, FloorShare ScanVectors, FloorShare ScanBytes);

/// <summary>Percentiles of a latency, ms.</summary>
public readonly record struct Percentiles(double P50, double P90, double P99)
{
    /// <summary>Of measured times; the array is sorted.</summary>
    public static Percentiles Of(double[] ms)
    {
        Array.Sort(ms);
        return new(At(ms, 0.5), At(ms, 0.9), At(ms, 0.99));
    }

    /// <summary>Nearest-rank percentile of sorted values.</summary>
    private static double At(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
