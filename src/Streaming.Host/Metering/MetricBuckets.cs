namespace Streaming.Host.Metering;

/// <summary>Histogram buckets by the unit in an instrument's name.</summary>
internal static class MetricBuckets
{
    // 1 ms to 1 min, three a decade at least: transaction and score times at the low end, freshness under lag at the high one.
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 30, 60];
    private static readonly double[] Bytes = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];
    private static readonly double[] Ratio = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
    private static readonly double[] Counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384];

    /// <summary>Upper bounds for an instrument.</summary>
    public static double[] For(string name) =>
        name.EndsWith("_seconds", StringComparison.Ordinal) ? Seconds
        : name.EndsWith("_bytes", StringComparison.Ordinal) ? Bytes
        : name.EndsWith("_ratio", StringComparison.Ordinal) ? Ratio
        : Counts;
}
