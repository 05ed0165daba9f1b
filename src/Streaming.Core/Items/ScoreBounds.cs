using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Streaming.Core.Items;

/// <summary>What a scan asks about four rows at once: no exact score of them is above these.</summary>
internal interface IScoreBounds
{
    /// <summary>Upper bounds of the scores of four rows, which must all exist.</summary>
    Vector128<float> OfFour(int row);
}

/// <summary>Bounds from the bytes: Σ code × query code, of which four rows and two queries are in work at a time, so that a row's bytes are widened once for both and four sums are added up together.</summary>
internal readonly ref struct ByteBounds : IScoreBounds
{
    private readonly ref sbyte _codes;
    private readonly ref float _steps;
    private readonly ref short _queries;
    private readonly ref float _querySteps;
    private readonly nint _stride;
    private readonly int _queryCount;
    private readonly float _errorPerStep, _slack;

    /// <param name="codes">Rows.</param>
    /// <param name="queries">Encoded queries.</param>
    /// <param name="slack">What rounding may make of an exact score, and the queries' coding.</param>
    public ByteBounds(VectorCodes codes, QueryCodes queries, float slack)
    {
        _codes = ref MemoryMarshal.GetReference(codes.Codes);
        _steps = ref MemoryMarshal.GetReference(codes.Steps);
        _queries = ref MemoryMarshal.GetReference(queries.Codes);
        _querySteps = ref MemoryMarshal.GetReference(queries.Steps);
        (_stride, _queryCount) = (codes.Stride, queries.Count);
        (_errorPerStep, _slack) = (queries.MaxWeight * codes.ErrorPerStep, slack);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> OfFour(int row)
    {
        ref var x = ref Unsafe.Add(ref _codes, row * _stride);
        var best = Vector128.Create(float.NegativeInfinity);
        var q = 0;
        for (; q + 1 < _queryCount; q += 2)
        {
            ref var query = ref Unsafe.Add(ref _queries, q * _stride);
            var (first, second) = Dot(ref x, ref query, ref Unsafe.Add(ref query, _stride), _stride);
            best = Vector128.Max(best, Vector128.ConvertToSingle(first) * Unsafe.Add(ref _querySteps, q));
            best = Vector128.Max(best, Vector128.ConvertToSingle(second) * Unsafe.Add(ref _querySteps, q + 1));
        }

        if (q < _queryCount) best = Vector128.Max(best, Vector128.ConvertToSingle(Dot(ref x, ref Unsafe.Add(ref _queries, q * _stride), _stride)) * Unsafe.Add(ref _querySteps, q));
        return (Vector128.LoadUnsafe(ref _steps, (nuint)row) * (best + Vector128.Create(_errorPerStep))) + Vector128.Create(_slack);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<int> First, Vector128<int> Second) Dot(ref sbyte x, ref short first, ref short second, nint stride)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (nint i = 0; i < stride; i += 16)
        {
            var y = Vector256.LoadUnsafe(ref first, (nuint)i);
            var z = Vector256.LoadUnsafe(ref second, (nuint)i);
            var row = Wide(ref x, i);
            a0 += Avx2.MultiplyAddAdjacent(row, y);
            b0 += Avx2.MultiplyAddAdjacent(row, z);
            row = Wide(ref x, i + stride);
            a1 += Avx2.MultiplyAddAdjacent(row, y);
            b1 += Avx2.MultiplyAddAdjacent(row, z);
            row = Wide(ref x, i + (2 * stride));
            a2 += Avx2.MultiplyAddAdjacent(row, y);
            b2 += Avx2.MultiplyAddAdjacent(row, z);
            row = Wide(ref x, i + (3 * stride));
            a3 += Avx2.MultiplyAddAdjacent(row, y);
            b3 += Avx2.MultiplyAddAdjacent(row, z);
        }

        return (Sum(a0, a1, a2, a3), Sum(b0, b1, b2, b3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Dot(ref sbyte x, ref short query, nint stride)
    {
        Vector256<int> a = default, b = default, c = default, d = default;
        for (nint i = 0; i < stride; i += 16)
        {
            var y = Vector256.LoadUnsafe(ref query, (nuint)i);
            a += Avx2.MultiplyAddAdjacent(Wide(ref x, i), y);
            b += Avx2.MultiplyAddAdjacent(Wide(ref x, i + stride), y);
            c += Avx2.MultiplyAddAdjacent(Wide(ref x, i + (2 * stride)), y);
            d += Avx2.MultiplyAddAdjacent(Wide(ref x, i + (3 * stride)), y);
        }

        return Sum(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Wide(ref sbyte x, nint at) => Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref x, (nuint)at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sum(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d)
    {
        var sums = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
        return sums.GetLower() + sums.GetUpper();
    }
}

/// <summary>Bounds from the vectors themselves: for machines where no codes are kept, and for comparison.</summary>
internal readonly ref struct FloatBounds : IScoreBounds
{
    private readonly ref float _vectors;
    private readonly ref float _inverseNorms;
    private readonly ref float _queries;
    private readonly int _dimensions, _queryCount;
    private readonly float _slack;

    /// <param name="vectors">Row-major [n, D], D a multiple of eight.</param>
    /// <param name="codes">The rows' norms.</param>
    /// <param name="queries">Queries.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="slack">What rounding may make of a score.</param>
    public FloatBounds(ReadOnlySpan<float> vectors, VectorCodes codes, QueryCodes queries, int dimensions, float slack)
    {
        _vectors = ref MemoryMarshal.GetReference(vectors);
        _inverseNorms = ref MemoryMarshal.GetReference(codes.InverseNorms);
        _queries = ref MemoryMarshal.GetReference(queries.Vectors);
        (_dimensions, _queryCount, _slack) = (dimensions, queries.Count, slack);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> OfFour(int row)
    {
        ref var x = ref Unsafe.Add(ref _vectors, (nint)row * _dimensions);
        var best = Vector128.Create(float.NegativeInfinity);
        for (var q = 0; q < _queryCount; q++) best = Vector128.Max(best, Dot(ref x, ref Unsafe.Add(ref _queries, (nint)q * _dimensions), _dimensions));
        return (best * Vector128.LoadUnsafe(ref _inverseNorms, (nuint)row)) + Vector128.Create(_slack);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Dot(ref float x, ref float query, nint dimensions)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        for (nint i = 0; i < dimensions; i += 8)
        {
            var y = Vector256.LoadUnsafe(ref query, (nuint)i);
            a = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)i), y, a);
            b = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)(i + dimensions)), y, b);
            c = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)(i + (2 * dimensions))), y, c);
            d = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, (nuint)(i + (3 * dimensions))), y, d);
        }

        if (!Avx.IsSupported) return Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
        var sums = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
        return sums.GetLower() + sums.GetUpper();
    }
}
