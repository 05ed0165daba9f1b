using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Streaming.Benchmarks.Scan;

/// <summary>
/// Tried for the exact scan: a copy of the directions in signed bytes, a quarter of what must be read, and the bytes decide only who may be among the best: a row's exact score differs from the one by bytes by no more than a bound
/// that is known, so that every row within twice the bound of the k-th is scored exactly, and the answer is that of the exact scan.
/// </summary>
internal sealed class ByteScan
{
    private const int Block = 4;
    private readonly int _dimensions, _rows;
    private readonly sbyte[] _codes;
    private readonly float[] _scale, _error, _scores;

    /// <summary>Makes the copy.</summary>
    /// <param name="vectors">Row-major [n, D], D a multiple of 64.</param>
    /// <param name="inverseNorms">One a row.</param>
    /// <param name="dimensions">D.</param>
    public ByteScan(ReadOnlySpan<float> vectors, ReadOnlySpan<float> inverseNorms, int dimensions)
    {
        (_dimensions, _rows) = (dimensions, inverseNorms.Length);
        _codes = new sbyte[(long)_rows * dimensions];
        (_scale, _error, _scores) = (new float[_rows], new float[_rows], new float[_rows + Block]);
        for (var row = 0; row < _rows; row++)
        {
            var vector = vectors.Slice(row * dimensions, dimensions);
            var most = 0f;
            foreach (var x in vector) most = MathF.Max(most, MathF.Abs(x));
            var step = most * inverseNorms[row] / 127;
            var error = 0d;
            for (var i = 0; i < dimensions; i++)
            {
                var x = vector[i] * inverseNorms[row];
                var code = step > 0 ? MathF.Round(x / step) : 0;
                _codes[(row * dimensions) + i] = (sbyte)code;
                error += Math.Pow(x - (code * step), 2);
            }

            (_scale[row], _error[row]) = (step, (float)Math.Sqrt(error));
        }
    }

    /// <summary>Bytes that a search reads of every row.</summary>
    public long Bytes => _codes.LongLength + (8L * _rows);

    /// <summary>Rows scored exactly by the last search.</summary>
    public int Rescored { get; private set; }

    /// <summary>Finds the best of one query of length 1.</summary>
    public void Search(ReadOnlySpan<float> vectors, ReadOnlySpan<float> inverseNorms, ReadOnlySpan<float> query, int limit, BestRows into)
    {
        Span<sbyte> codes = stackalloc sbyte[_dimensions];
        var most = 0f;
        foreach (var x in query) most = MathF.Max(most, MathF.Abs(x));
        var step = most / 127;
        var error = 0d;
        for (var i = 0; i < _dimensions; i++)
        {
            var code = MathF.Round(query[i] / step);
            codes[i] = (sbyte)code;
            error += Math.Pow(query[i] - (code * step), 2);
        }

        // |q·x − q'·x'| ≤ |q − q'|·|x| + |q'|·|x − x'|, with |x| = 1 and |q'| ≤ 1 + |q − q'|.
        var queryError = (float)Math.Sqrt(error) * 1.001f + 1e-6f;
        var floor = new BestRows(limit);
        Score(codes, step, queryError, floor);
        var least = floor.Worst;
        Rescored = 0;
        for (var row = 0; row < _rows; row++)
        {
            if (_scores[row] + Bound(row, queryError) < least) continue;
            Rescored++;
            into.Offer(row, System.Numerics.Tensors.TensorPrimitives.Dot(vectors.Slice(row * _dimensions, _dimensions), query) * inverseNorms[row]);
        }
    }

    private float Bound(int row, float queryError) => queryError + ((1 + queryError) * _error[row]) + 1e-6f;

    private void Score(ReadOnlySpan<sbyte> codes, float step, float queryError, BestRows floor)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(_codes);
        ref var q = ref MemoryMarshal.GetReference(codes);
        for (var row = 0; row < _rows; row++)
        {
            var score = Dot(ref Unsafe.Add(ref x, (nint)row * _dimensions), ref q, _dimensions) * step * _scale[row];
            _scores[row] = score;
            // The k-th best of what rows have at least: no row that cannot reach it is among the best.
            var atLeast = score - Bound(row, queryError);
            if (atLeast >= floor.Worst) floor.Offer(row, atLeast);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Dot(ref sbyte x, ref sbyte q, int dimensions)
    {
        if (Avx512BW.IsSupported)
        {
            var sum = Vector512<int>.Zero;
            for (nint i = 0; i < dimensions; i += 32)
            {
                var a = Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref x, (nuint)i));
                var b = Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref q, (nuint)i));
                sum += Avx512BW.MultiplyAddAdjacent(a, b);
            }

            return Vector512.Sum(sum);
        }

        var total = 0;
        for (var i = 0; i < dimensions; i++) total += Unsafe.Add(ref x, i) * Unsafe.Add(ref q, i);
        return total;
    }
}
