using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streaming.Core.Fold;

/// <summary>Vector arithmetic in the order that docs/fold.md §1 fixes. Lengths are multiples of eight; eight lanes are eight lanes on every machine.</summary>
public static class FixedOrder
{
    /// <summary>Dot product: eight running sums, folded pairwise.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector256<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector256<float>>(b);
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        // ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
        var halves = sum.GetLower() + sum.GetUpper();
        var quarters = halves + Vector128.Shuffle(halves, Vector128.Create(2, 3, 0, 1));
        return quarters[0] + quarters[1];
    }

    /// <summary>target += factor · x; the product is rounded before it is added.</summary>
    public static void Add(Span<float> target, float factor, ReadOnlySpan<float> x)
    {
        var to = MemoryMarshal.Cast<float, Vector256<float>>(target);
        var from = MemoryMarshal.Cast<float, Vector256<float>>(x);
        var g = Vector256.Create(factor);
        for (var i = 0; i < to.Length; i++) to[i] += g * from[i];
    }

    /// <summary>target = target · keep + factor · x; each product is rounded before the sum.</summary>
    public static void ScaleAdd(Span<float> target, float keep, float factor, ReadOnlySpan<float> x)
    {
        var to = MemoryMarshal.Cast<float, Vector256<float>>(target);
        var from = MemoryMarshal.Cast<float, Vector256<float>>(x);
        var k = Vector256.Create(keep);
        var g = Vector256.Create(factor);
        for (var i = 0; i < to.Length; i++) to[i] = (to[i] * k) + (g * from[i]);
    }

    /// <summary>target = factor · x.</summary>
    public static void Set(Span<float> target, float factor, ReadOnlySpan<float> x)
    {
        var to = MemoryMarshal.Cast<float, Vector256<float>>(target);
        var from = MemoryMarshal.Cast<float, Vector256<float>>(x);
        var g = Vector256.Create(factor);
        for (var i = 0; i < to.Length; i++) to[i] = g * from[i];
    }

    /// <summary>target = target · factor.</summary>
    public static void Scale(Span<float> target, float factor)
    {
        for (var i = 0; i < target.Length; i++) target[i] *= factor;
    }
}
