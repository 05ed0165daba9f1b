using System.Numerics;
using System.Runtime.InteropServices;

namespace Streaming.Onnx;

/// <summary>Copies features and scores between a request and a model's buffers, keeping values that are not finite out.</summary>
internal static class FeatureRows
{
    /// <summary>Copies features; a value that is not finite becomes 0.</summary>
    /// <returns>How many were not finite.</returns>
    public static int CopyIn(ReadOnlySpan<float> from, Span<float> to)
    {
        from.CopyTo(to);
        if (AllFinite(from)) return 0;
        var replaced = 0;
        for (var i = 0; i < from.Length; i++)
        {
            if (float.IsFinite(from[i])) continue;
            to[i] = 0;
            replaced++;
        }

        return replaced;
    }

    /// <summary>Copies scores; a score that is not finite becomes NaN, so that a caller has one thing to test.</summary>
    /// <returns>How many were not finite.</returns>
    public static int CopyOut(ReadOnlySpan<float> from, Span<float> to)
    {
        from.CopyTo(to);
        if (AllFinite(from)) return 0;
        var replaced = 0;
        for (var i = 0; i < from.Length; i++)
        {
            if (float.IsFinite(from[i])) continue;
            to[i] = float.NaN;
            replaced++;
        }

        return replaced;
    }

    /// <summary>x × 0 is 0 for a finite x and NaN for any other; sums keep the NaN.</summary>
    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var sum = Vector<float>.Zero;
        foreach (var vector in vectors) sum += vector * Vector<float>.Zero;
        var rest = Vector.Sum(sum);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..]) rest += value * 0f;
        return rest == 0f;
    }
}
