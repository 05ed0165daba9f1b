using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Streaming.Benchmarks.Scan;

/// <summary>
/// Tried for the exact scan: four vectors at a time against each query, so that the lanes of four sums are added up together and one comparison with the worst score held decides for all four.
/// </summary>
internal static class BlockedScan
{
    /// <summary>Items of a block.</summary>
    public const int Block = 4;

    /// <summary>Finds the best.</summary>
    /// <param name="vectors">Row-major [n, D], D a multiple of 16.</param>
    /// <param name="inverseNorms">One a row.</param>
    /// <param name="queries">Row-major [q, D], scaled.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="into">Takes row numbers.</param>
    public static void Search(ReadOnlySpan<float> vectors, ReadOnlySpan<float> inverseNorms, ReadOnlySpan<float> queries, int dimensions, BestRows into)
    {
        var rows = inverseNorms.Length;
        var blocks = rows / Block * Block;
        ref var v = ref MemoryMarshal.GetReference(vectors);
        ref var q = ref MemoryMarshal.GetReference(queries);
        var worst = Vector128.Create(into.Worst);
        for (var row = 0; row < blocks; row += Block)
        {
            ref var x = ref Unsafe.Add(ref v, (nint)row * dimensions);
            var best = Dot(ref x, ref q, dimensions);
            for (var at = dimensions; at < queries.Length; at += dimensions) best = Vector128.Max(best, Dot(ref x, ref Unsafe.Add(ref q, at), dimensions));
            best *= Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(inverseNorms), (nuint)row);
            if (!Vector128.GreaterThanOrEqualAny(best, worst)) continue;
            for (var i = 0; i < Block; i++) into.Offer(row + i, best[i]);
            worst = Vector128.Create(into.Worst);
        }

        for (var row = blocks; row < rows; row++)
        {
            var best = float.NegativeInfinity;
            for (var at = 0; at < queries.Length; at += dimensions)
                best = MathF.Max(best, System.Numerics.Tensors.TensorPrimitives.Dot(vectors.Slice(row * dimensions, dimensions), queries.Slice(at, dimensions)));
            into.Offer(row, best * inverseNorms[row]);
        }
    }

    // The products of four rows with one query.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Dot(ref float x, ref float q, int dimensions)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            for (nint i = 0; i < dimensions; i += 16)
            {
                var y = Vector512.LoadUnsafe(ref q, (nuint)i);
                a = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, (nuint)i), y, a);
                b = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, (nuint)(i + dimensions)), y, b);
                c = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, (nuint)(i + (2 * dimensions))), y, c);
                d = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, (nuint)(i + (3 * dimensions))), y, d);
            }

            return Sum(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());
        }
        else
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            for (nint i = 0; i < dimensions; i += 8)
            {
                var y = Vector256.LoadUnsafe(ref q, (nuint)i);
                a = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)i), y, a);
                b = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)(i + dimensions)), y, b);
                c = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)(i + (2 * dimensions))), y, c);
                d = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)(i + (3 * dimensions))), y, d);
            }

            return Sum(a, b, c, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        if (Avx.IsSupported)
        {
            var sums = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
            return sums.GetLower() + sums.GetUpper();
        }

        return Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
    }
}
