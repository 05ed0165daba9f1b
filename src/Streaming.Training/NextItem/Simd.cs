using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streaming.Training.NextItem;

/// <summary>
/// Sums of products in sixteen lanes, in one fixed order: the same bits wherever it runs, since lanes and fused steps are those of <see cref="Vector512"/> with or without such registers.
/// Lengths are multiples of 16.
/// </summary>
internal static class Simd
{
    /// <summary>Lanes.</summary>
    public const int Width = 16;

    /// <summary>Σ x·y.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        var sum = Vector512<float>.Zero;
        for (nuint i = 0; i < (nuint)x.Length; i += Width) sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, i), Vector512.LoadUnsafe(ref b, i), sum);
        return Sum(sum);
    }

    /// <summary>y += a·x.</summary>
    public static void Add(float a, ReadOnlySpan<float> x, Span<float> y)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y);
        var factor = Vector512.Create(a);
        for (nuint i = 0; i < (nuint)x.Length; i += Width) Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref from, i), Vector512.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
    }

    /// <summary>y += x · W, W with a row for each x.</summary>
    public static void AddRowTimes(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> y)
    {
        for (var k = 0; k < x.Length; k++) Add(x[k], w.Slice(k * y.Length, y.Length), y);
    }

    /// <summary>The gradient of <see cref="AddRowTimes"/>: dx += W · dy, dW += x ⊗ dy.</summary>
    public static void AddRowTimesGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> dy, Span<float> dx, Span<float> dw)
    {
        for (var k = 0; k < x.Length; k++)
        {
            dx[k] += Dot(w.Slice(k * dy.Length, dy.Length), dy);
            Add(x[k], dy, dw.Slice(k * dy.Length, dy.Length));
        }
    }

    /// <summary>C += A · B. A's rows and columns lie <paramref name="aRow"/> and <paramref name="aColumn"/> apart, so that it may be read transposed; B and C row by row.</summary>
    public static void AddProduct(ReadOnlySpan<float> a, int aRow, int aColumn, ReadOnlySpan<float> b, Span<float> c, int rows, int columns, int inner)
    {
        var row = 0;
        for (; row + 4 <= rows; row += 4)
        {
            var column = 0;
            for (; column + 64 <= columns; column += 64) Block4X64(a, row * aRow, aRow, aColumn, b, c, row, column, columns, inner);
            for (; column < columns; column += Width)
            {
                for (var r = row; r < row + 4; r++) Block1X16(a, r * aRow, aColumn, b, c, r, column, columns, inner);
            }
        }

        for (; row < rows; row++)
        {
            for (var column = 0; column < columns; column += Width) Block1X16(a, row * aRow, aColumn, b, c, row, column, columns, inner);
        }
    }

    private static float Sum(Vector512<float> v)
    {
        var half = v.GetLower() + v.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[1] + (quarter[2] + quarter[3]);
    }

    private static void Block4X64(ReadOnlySpan<float> a, int aStart, int aRow, int aColumn, ReadOnlySpan<float> b, Span<float> c, int row, int column, int columns, int inner)
    {
        ref var a0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), aStart);
        ref var b0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(b), column);
        ref var c0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(c), (row * columns) + column);
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        for (var k = 0; k < inner; k++)
        {
            ref var line = ref Unsafe.Add(ref b0, k * columns);
            var (v0, v1, v2, v3) = (Vector512.LoadUnsafe(ref line), Vector512.LoadUnsafe(ref line, 16), Vector512.LoadUnsafe(ref line, 32), Vector512.LoadUnsafe(ref line, 48));
            ref var ak = ref Unsafe.Add(ref a0, k * aColumn);
            var x = Vector512.Create(ak);
            (s00, s01, s02, s03) = (Vector512.FusedMultiplyAdd(x, v0, s00), Vector512.FusedMultiplyAdd(x, v1, s01), Vector512.FusedMultiplyAdd(x, v2, s02), Vector512.FusedMultiplyAdd(x, v3, s03));
            x = Vector512.Create(Unsafe.Add(ref ak, aRow));
            (s10, s11, s12, s13) = (Vector512.FusedMultiplyAdd(x, v0, s10), Vector512.FusedMultiplyAdd(x, v1, s11), Vector512.FusedMultiplyAdd(x, v2, s12), Vector512.FusedMultiplyAdd(x, v3, s13));
            x = Vector512.Create(Unsafe.Add(ref ak, 2 * aRow));
            (s20, s21, s22, s23) = (Vector512.FusedMultiplyAdd(x, v0, s20), Vector512.FusedMultiplyAdd(x, v1, s21), Vector512.FusedMultiplyAdd(x, v2, s22), Vector512.FusedMultiplyAdd(x, v3, s23));
            x = Vector512.Create(Unsafe.Add(ref ak, 3 * aRow));
            (s30, s31, s32, s33) = (Vector512.FusedMultiplyAdd(x, v0, s30), Vector512.FusedMultiplyAdd(x, v1, s31), Vector512.FusedMultiplyAdd(x, v2, s32), Vector512.FusedMultiplyAdd(x, v3, s33));
        }

        AddTo(ref c0, s00, s01, s02, s03);
        AddTo(ref Unsafe.Add(ref c0, columns), s10, s11, s12, s13);
        AddTo(ref Unsafe.Add(ref c0, 2 * columns), s20, s21, s22, s23);
        AddTo(ref Unsafe.Add(ref c0, 3 * columns), s30, s31, s32, s33);
    }

    private static void AddTo(ref float c, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        (Vector512.LoadUnsafe(ref c) + v0).StoreUnsafe(ref c);
        (Vector512.LoadUnsafe(ref c, 16) + v1).StoreUnsafe(ref c, 16);
        (Vector512.LoadUnsafe(ref c, 32) + v2).StoreUnsafe(ref c, 32);
        (Vector512.LoadUnsafe(ref c, 48) + v3).StoreUnsafe(ref c, 48);
    }

    private static void Block1X16(ReadOnlySpan<float> a, int aStart, int aColumn, ReadOnlySpan<float> b, Span<float> c, int row, int column, int columns, int inner)
    {
        ref var a0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), aStart);
        ref var b0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(b), column);
        ref var c0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(c), (row * columns) + column);
        var sum = Vector512<float>.Zero;
        for (var k = 0; k < inner; k++) sum = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref a0, k * aColumn)), Vector512.LoadUnsafe(ref b0, (nuint)(k * columns)), sum);
        (Vector512.LoadUnsafe(ref c0) + sum).StoreUnsafe(ref c0);
    }
}
