namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench latency</c>.</summary>
/// <param name="EventsPerSecond">Rate asked for.</param>
/// <param name="Events">Events measured.</param>
/// <param name="Unanswered">Of these, without a recommendation in time.</param>
/// <param name="Degraded">Recommendations marked as degraded.</param>
/// <param name="Engine">Event written to recommendation read, ms.</param>
/// <param name="Echo">The same over the bare transactional echo, ms.</param>
/// <param name="EchoUnanswered">Records that the echo did not return in time.</param>
/// <param name="MeanBytes">Mean bytes of a recommendation, and of the echo's record.</param>
public sealed record LatencyBenchResult(double EventsPerSecond, long Events, long Unanswered, long Degraded, Percentiles Engine, Percentiles Echo, long EchoUnanswered, int MeanBytes)
{
    /// <summary>Median over the echo's.</summary>
    public double P50Ratio => Engine.P50 / Echo.P50;

    /// <summary>99th percentile over the echo's.</summary>
    public double P99Ratio => Engine.P99 / Echo.P99;
}
