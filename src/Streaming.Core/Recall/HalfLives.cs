using Streaming.Core.Fold;

namespace Streaming.Core.Recall;

/// <summary>Exponential decay read backwards.</summary>
internal static class HalfLives
{
    /// <summary>2^(−age / half-life); 1 for a time that lies ahead.</summary>
    public static float Since(long atMs, long nowMs, TimeSpan halfLife) =>
        nowMs <= atMs ? 1f : (float)Exp2.Of(Math.Max(-149, -(double)(nowMs - atMs) / halfLife.TotalMilliseconds));
}
