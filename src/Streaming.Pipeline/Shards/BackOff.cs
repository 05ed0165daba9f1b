namespace Streaming.Pipeline.Shards;

/// <summary>Exponential delays with jitter: min·2^n, at most max, lengthened by up to half at random.</summary>
/// <param name="min">First delay.</param>
/// <param name="max">Longest delay before jitter.</param>
/// <param name="jitter">Draws from [0, 1).</param>
internal sealed class BackOff(TimeSpan min, TimeSpan max, Func<double> jitter)
{
    /// <summary>The delay before a repetition.</summary>
    /// <param name="repetition">0 for the first.</param>
    public TimeSpan Delay(int repetition)
    {
        var doubled = min.Ticks * Math.Pow(2, Math.Clamp(repetition, 0, 62));
        return TimeSpan.FromTicks((long)(Math.Min(doubled, max.Ticks) * (1 + (0.5 * jitter()))));
    }
}
