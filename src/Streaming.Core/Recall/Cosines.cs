using Streaming.Core.Fold;

namespace Streaming.Core.Recall;

/// <summary>Cosine of two vectors.</summary>
internal static class Cosines
{
    /// <summary>In [-1, 1]; 0 where either has no direction (zero, or not finite).</summary>
    public static float Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (x.IsEmpty || x.Length != y.Length) return 0;
        var norms = MathF.Sqrt(FixedOrder.Dot(x, x)) * MathF.Sqrt(FixedOrder.Dot(y, y));
        if (!(norms > 0)) return 0;
        var cosine = FixedOrder.Dot(x, y) / norms;
        return float.IsFinite(cosine) ? Math.Clamp(cosine, -1f, 1f) : 0;
    }
}
