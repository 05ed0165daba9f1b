using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Streaming.Core.Fold;

namespace Streaming.Core.Items;

/// <summary>
/// Exact nearest items by cosine in one pass over all: no index to build, nothing lost, filters apply inside. Bytes decide which rows can be among the best (<see cref="VectorCodes"/>), and those few are scored by their
/// vectors in a fixed order of sums, so that the answer is the same on every machine and to the bit that of a plain loop. One instance a shard.
/// </summary>
/// <param name="byCodes">False: the vectors themselves decide, as they do where a scan by bytes is not worth it.</param>
public sealed class NearestItems(bool byCodes = true)
{
    private const int Four = 4;
    private readonly bool _byCodes = byCodes && VectorCodes.IsFast;
    private readonly QueryCodes _queries = new();
    private ItemVectorTable? _table;
    private VectorCodes? _own;

    /// <summary>Begins a search.</summary>
    public void Begin() => _queries.Clear();

    /// <summary>
    /// Adds a query vector; a zero or non-finite one, or one beyond sixteen, is left out, and so is one that points where an earlier one of no less weight does: it could never
    /// be the maximum. Whoever looked at one item has one direction, not four.
    /// </summary>
    /// <param name="vector">D floats; only the direction counts.</param>
    /// <param name="weight">What its cosines are multiplied by.</param>
    public void AddQuery(ReadOnlySpan<float> vector, float weight) => _queries.Add(vector, weight);

    /// <summary>Finds the items with the highest weight × cosine to any query; only positive scores. Ties by item id.</summary>
    /// <param name="table">Vectors in force; D is a multiple of eight.</param>
    /// <param name="filter">Items that may not be taken.</param>
    /// <param name="into">Reset to k by the caller.</param>
    public void Search(ItemVectorTable table, IItemFilter filter, TopItems into)
    {
        if (_queries.Count == 0 || table.Count == 0) return;
        var own = OwnCodes(table);
        if (_byCodes) _queries.Encode(own.Stride);
        if (table.SharedCodes is { } shared) Search(table, 0, shared, filter, into);
        Search(table, 1, own, filter, into);
    }

    private void Search(ItemVectorTable table, int piece, VectorCodes codes, IItemFilter filter, TopItems into)
    {
        // Sums of D products of a query and a direction, whose lengths are the weight and 1, are off by no more than this, in whatever order they are added up.
        var slack = table.Dimensions * _queries.MaxWeight / (1 << 22);
        if (_byCodes) Scan(new ByteBounds(codes, _queries, slack + _queries.Error), table, piece, codes, filter, into);
        else Scan(new FloatBounds(table.VectorsOf(piece), codes, _queries, table.Dimensions, slack), table, piece, codes, filter, into);
    }

    // Long loops that begin in the first, unoptimised version of a method stay there for long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan<TBounds>(TBounds bounds, ItemVectorTable table, int piece, VectorCodes codes, IItemFilter filter, TopItems into)
        where TBounds : struct, IScoreBounds, allows ref struct
    {
        var rows = codes.Count;
        var fours = rows / Four * Four;
        var least = Vector128.Create(Least(into));
        for (var row = 0; row < fours; row += Four)
        {
            var most = bounds.OfFour(row);
            if (!Vector128.GreaterThanOrEqualAny(most, least)) continue;
            for (var i = 0; i < Four; i++)
            {
                if (most[i] >= Least(into)) Offer(row + i, table, piece, codes, filter, into);
            }

            least = Vector128.Create(Least(into));
        }

        for (var row = fours; row < rows; row++) Offer(row, table, piece, codes, filter, into);
    }

    private static float Least(TopItems into) => MathF.Max(into.Least, float.Epsilon);

    private void Offer(int row, ItemVectorTable table, int piece, VectorCodes codes, IItemFilter filter, TopItems into)
    {
        var d = table.Dimensions;
        var vector = table.VectorsOf(piece).Slice(row * d, d);
        var best = float.NegativeInfinity;
        for (var at = 0; at < _queries.Vectors.Length; at += d) best = MathF.Max(best, FixedOrder.Dot(vector, _queries.Vectors.Slice(at, d)));
        var score = best * codes.InverseNorms[row];
        var item = table.ItemsOf(piece)[row];
        if (score > 0 && into.Admits(item, score) && !filter.IsBlocked(item)) into.Offer(item, score);
    }

    // What came on top of the base is the shard's own, and grows.
    private VectorCodes OwnCodes(ItemVectorTable table)
    {
        if (_own is null || !ReferenceEquals(table, _table)) (_table, _own) = (table, new VectorCodes(table.Dimensions));
        _own.Append(table.VectorsOf(1)[(_own.Count * table.Dimensions)..]);
        return _own;
    }
}
