using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Streaming.Core.Fold;

namespace Streaming.Core.Items;

/// <summary>
/// Exact nearest items by cosine: one pass over all vectors of the table, up to four query vectors at a time. No index to build, nothing lost, filters apply inside.
/// Keeps the norms of one table version; one instance a shard.
/// </summary>
public sealed class NearestItems
{
    /// <summary>Most query vectors of one search.</summary>
    public const int MaxQueries = 16;
    private const int Group = 4;
    /// <summary>Cosine from which two query vectors count as one direction.</summary>
    private const float SameDirection = 0.999999f;

    private ItemVectorTable? _table;
    private int _known;
    private float[] _inverseNorms = [];
    private float[] _queries = [];
    private int _queryCount;
    private readonly float[] _weights = new float[MaxQueries];

    /// <summary>Begins a search.</summary>
    public void Begin() => _queryCount = 0;

    /// <summary>
    /// Adds a query vector; a zero or non-finite one, or one beyond <see cref="MaxQueries"/>, is left out, and so is one that points where an earlier one of no less weight does: it could never
    /// be the maximum. Whoever looked at one item has one direction, not four.
    /// </summary>
    /// <param name="vector">D floats; only the direction counts.</param>
    /// <param name="weight">What its cosines are multiplied by.</param>
    public void AddQuery(ReadOnlySpan<float> vector, float weight)
    {
        var norm = MathF.Sqrt(FixedOrder.Dot(vector, vector));
        if (!(norm > 0) || !float.IsFinite(norm) || !(weight > 0) || _queryCount == MaxQueries) return;
        if (_queries.Length < MaxQueries * vector.Length) _queries = new float[MaxQueries * vector.Length];
        for (var q = 0; q < _queryCount; q++)
        {
            var along = FixedOrder.Dot(_queries.AsSpan(q * vector.Length, vector.Length), vector) / norm;
            if (_weights[q] >= weight && along >= SameDirection * _weights[q]) return;
        }

        _weights[_queryCount] = weight;
        var place = _queries.AsSpan(_queryCount++ * vector.Length, vector.Length);
        for (var i = 0; i < place.Length; i++) place[i] = vector[i] / norm * weight;
    }

    /// <summary>Finds the items with the highest weight × cosine to any query; only positive scores. Ties by item id.</summary>
    /// <param name="table">Vectors in force; D is a multiple of eight.</param>
    /// <param name="filter">Items that may not be taken.</param>
    /// <param name="into">Reset to k by the caller.</param>
    public void Search(ItemVectorTable table, IItemFilter filter, TopItems into)
    {
        if (_queryCount == 0 || table.Count == 0) return;
        Know(table);
        var lanes = table.Dimensions / 8;
        var queries = MemoryMarshal.Cast<float, Vector256<float>>(_queries.AsSpan(0, _queryCount * table.Dimensions));
        Search(MemoryMarshal.Cast<float, Vector256<float>>(table.VectorsOf(0)), table.ItemsOf(0), _inverseNorms, queries, lanes, filter, into);
        Search(MemoryMarshal.Cast<float, Vector256<float>>(table.VectorsOf(1)), table.ItemsOf(1), _inverseNorms.AsSpan(table.ItemsOf(0).Length), queries, lanes, filter, into);
    }

    private void Search(ReadOnlySpan<Vector256<float>> all, ReadOnlySpan<int> items, ReadOnlySpan<float> inverseNorms, ReadOnlySpan<Vector256<float>> queries, int lanes, IItemFilter filter, TopItems into)
    {
        var grouped = _queryCount / Group * Group * lanes;
        for (var slot = 0; slot < items.Length; slot++)
        {
            var vector = all.Slice(slot * lanes, lanes);
            var best = float.NegativeInfinity;
            for (var group = 0; group < grouped; group += Group * lanes) best = MathF.Max(best, BestOfFour(vector, queries.Slice(group, Group * lanes)));
            for (var single = grouped; single < queries.Length; single += lanes) best = MathF.Max(best, Dot(vector, queries.Slice(single, lanes)));
            var score = best * inverseNorms[slot];
            if (score > 0 && into.Admits(items[slot], score) && !filter.IsBlocked(items[slot])) into.Offer(items[slot], score);
        }
    }

    private static float BestOfFour(ReadOnlySpan<Vector256<float>> vector, ReadOnlySpan<Vector256<float>> queries)
    {
        var n = vector.Length;
        var first = queries[..n];
        var second = queries.Slice(n, n);
        var third = queries.Slice(2 * n, n);
        var fourth = queries.Slice(3 * n, n);
        Vector256<float> a = default, b = default, c = default, d = default;
        for (var i = 0; i < vector.Length; i++)
        {
            var x = vector[i];
            a = Vector256.MultiplyAddEstimate(x, first[i], a);
            b = Vector256.MultiplyAddEstimate(x, second[i], b);
            c = Vector256.MultiplyAddEstimate(x, third[i], c);
            d = Vector256.MultiplyAddEstimate(x, fourth[i], d);
        }

        return MathF.Max(MathF.Max(Vector256.Sum(a), Vector256.Sum(b)), MathF.Max(Vector256.Sum(c), Vector256.Sum(d)));
    }

    private static float Dot(ReadOnlySpan<Vector256<float>> vector, ReadOnlySpan<Vector256<float>> query)
    {
        var n = vector.Length & ~1;
        query = query[..vector.Length];
        Vector256<float> a = default, b = default;
        for (var i = 0; i < n; i += 2)
        {
            a = Vector256.MultiplyAddEstimate(vector[i], query[i], a);
            b = Vector256.MultiplyAddEstimate(vector[i + 1], query[i + 1], b);
        }

        if (n < vector.Length) a = Vector256.MultiplyAddEstimate(vector[n], query[n], a);
        return Vector256.Sum(a + b);
    }

    private void Know(ItemVectorTable table)
    {
        if (!ReferenceEquals(table, _table)) (_table, _known) = (table, 0);
        if (_inverseNorms.Length < table.Count) Array.Resize(ref _inverseNorms, Math.Max(table.Count, _inverseNorms.Length * 2));
        var shared = table.ItemsOf(0).Length;
        for (; _known < table.Count; _known++)
        {
            var (piece, slot) = _known < shared ? (0, _known) : (1, _known - shared);
            var vector = table.VectorsOf(piece).Slice(slot * table.Dimensions, table.Dimensions);
            var norm = MathF.Sqrt(FixedOrder.Dot(vector, vector));
            _inverseNorms[_known] = norm > 0 && float.IsFinite(norm) ? 1 / norm : 0;
        }
    }
}
