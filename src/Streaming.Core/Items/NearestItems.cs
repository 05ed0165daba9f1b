using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Streaming.Core.Fold;

namespace Streaming.Core.Items;

/// <summary>
/// Exact nearest items by cosine: one pass over all vectors of the table, four query vectors at a time. No index to build, nothing lost, filters apply inside.
/// Keeps the norms of one table version; one instance a shard.
/// </summary>
public sealed class NearestItems
{
    /// <summary>Most query vectors of one search.</summary>
    public const int MaxQueries = 16;
    private const int Group = 4;

    private ItemVectorTable? _table;
    private int _known;
    private float[] _inverseNorms = [];
    private float[] _queries = [];
    private int _queryCount;

    /// <summary>Begins a search.</summary>
    public void Begin() => _queryCount = 0;

    /// <summary>Adds a query vector; a zero or non-finite one, or one beyond <see cref="MaxQueries"/>, is left out.</summary>
    /// <param name="vector">D floats; only the direction counts.</param>
    /// <param name="weight">What its cosines are multiplied by.</param>
    public void AddQuery(ReadOnlySpan<float> vector, float weight)
    {
        var norm = MathF.Sqrt(FixedOrder.Dot(vector, vector));
        if (!(norm > 0) || !float.IsFinite(norm) || !(weight > 0) || _queryCount == MaxQueries) return;
        var need = Padded(_queryCount + 1) * vector.Length;
        if (_queries.Length < need) Array.Resize(ref _queries, Padded(MaxQueries) * vector.Length);
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
        var padded = Padded(_queryCount);
        // The places that fill the last group repeat the first query: a maximum does not mind.
        for (var q = _queryCount; q < padded; q++) _queries.AsSpan(0, table.Dimensions).CopyTo(_queries.AsSpan(q * table.Dimensions));
        var queries = MemoryMarshal.Cast<float, Vector256<float>>(_queries.AsSpan(0, padded * table.Dimensions));
        var all = MemoryMarshal.Cast<float, Vector256<float>>(table.All);
        var items = table.ItemOfSlot;
        for (var slot = 0; slot < items.Length; slot++)
        {
            var vector = all.Slice(slot * lanes, lanes);
            var best = float.NegativeInfinity;
            for (var group = 0; group < queries.Length; group += Group * lanes) best = MathF.Max(best, BestOfFour(vector, queries.Slice(group, Group * lanes)));
            var score = best * _inverseNorms[slot];
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
            a += x * first[i];
            b += x * second[i];
            c += x * third[i];
            d += x * fourth[i];
        }

        return MathF.Max(MathF.Max(Vector256.Sum(a), Vector256.Sum(b)), MathF.Max(Vector256.Sum(c), Vector256.Sum(d)));
    }

    private void Know(ItemVectorTable table)
    {
        if (!ReferenceEquals(table, _table)) (_table, _known) = (table, 0);
        if (_inverseNorms.Length < table.Count) Array.Resize(ref _inverseNorms, Math.Max(table.Count, _inverseNorms.Length * 2));
        for (; _known < table.Count; _known++)
        {
            var vector = table.All.Slice(_known * table.Dimensions, table.Dimensions);
            var norm = MathF.Sqrt(FixedOrder.Dot(vector, vector));
            _inverseNorms[_known] = norm > 0 && float.IsFinite(norm) ? 1 / norm : 0;
        }
    }

    private static int Padded(int queries) => (queries + Group - 1) / Group * Group;
}
