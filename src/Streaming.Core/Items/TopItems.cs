namespace Streaming.Core.Items;

/// <summary>The best k of many scored items: a heap with the worst on top. Equal scores: the id that is lower in byte order is the better. Non-finite scores are never taken.</summary>
public sealed class TopItems(ItemDictionary items)
{
    private ScoredItem[] _heap = [];
    private int _limit;

    /// <summary>Items held.</summary>
    public int Count { get; private set; }

    /// <summary>What a score must reach to be held: that of the worst once k are held.</summary>
    public float Least => _limit == 0 ? float.PositiveInfinity : Count < _limit ? float.NegativeInfinity : _heap[0].Score;

    /// <summary>Empties and sets k.</summary>
    public void Reset(int limit)
    {
        Count = 0;
        _limit = limit;
    }

    /// <summary>True where an item of this score would be held: the cheap test before a dear filter.</summary>
    public bool Admits(int item, float score)
    {
        if (_limit == 0 || !float.IsFinite(score)) return false;
        if (Count < _limit) return true;
        ref readonly var worst = ref _heap[0];
        return score > worst.Score || (score == worst.Score && items.Compare(item, worst.Item) < 0);
    }

    /// <summary>Offers an item; each may be offered once only.</summary>
    public void Offer(int item, float score, int because = -1)
    {
        if (!Admits(item, score)) return;
        if (Count < _limit)
        {
            if (Count == _heap.Length) Array.Resize(ref _heap, Math.Min(_limit, Math.Max(16, Count * 2)));
            _heap[Count] = new ScoredItem(item, score, because);
            Up(Count++);
            return;
        }

        _heap[0] = new ScoredItem(item, score, because);
        Down(Count);
    }

    /// <summary>Sorts best first and gives the items; the heap is spent until <see cref="Reset"/>.</summary>
    public ReadOnlySpan<ScoredItem> Sorted()
    {
        for (var last = Count - 1; last > 0; last--)
        {
            (_heap[0], _heap[last]) = (_heap[last], _heap[0]);
            Down(last);
        }

        return _heap.AsSpan(0, Count);
    }

    private bool IsWorse(in ScoredItem left, in ScoredItem right) =>
        left.Score != right.Score ? left.Score < right.Score : items.Compare(left.Item, right.Item) > 0;

    private void Up(int i)
    {
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (!IsWorse(_heap[i], _heap[parent])) return;
            (_heap[i], _heap[parent]) = (_heap[parent], _heap[i]);
            i = parent;
        }
    }

    private void Down(int count)
    {
        for (var i = 0; ;)
        {
            var child = (2 * i) + 1;
            if (child >= count) return;
            if (child + 1 < count && IsWorse(_heap[child + 1], _heap[child])) child++;
            if (!IsWorse(_heap[child], _heap[i])) return;
            (_heap[i], _heap[child]) = (_heap[child], _heap[i]);
            i = child;
        }
    }
}

/// <summary>An item with a score.</summary>
/// <param name="Item">Item number.</param>
/// <param name="Score">Higher is better.</param>
/// <param name="Because">Item it comes from, or -1.</param>
public readonly record struct ScoredItem(int Item, float Score, int Because);
