using Streaming.Core.Fold;

namespace Streaming.Core.Recall;

/// <summary>Cosine of two vectors.</summary>
internal static class Cosines
{
    /// <summary>In [-1, 1]; 0 where either has no direction (zero, or not finite).</summary>
    public static float Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (x.IsEmpty || x.Length != y.Length) return 0;
        var cosine = FixedOrder.Dot(x, y) * InverseNorm(x) * InverseNorm(y);
        return float.IsFinite(cosine) ? Math.Clamp(cosine, -1f, 1f) : 0;
    }

    /// <summary>1 / length; 0 where there is no direction.</summary>
    public static float InverseNorm(ReadOnlySpan<float> x)
    {
        var norm = MathF.Sqrt(FixedOrder.Dot(x, x));
        return norm > 0 && float.IsFinite(norm) ? 1 / norm : 0;
    }
}
