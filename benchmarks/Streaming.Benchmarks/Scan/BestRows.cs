namespace Streaming.Benchmarks.Scan;

/// <summary>The best k rows; of equal scores the lower row. Only positive, finite scores.</summary>
internal sealed class BestRows(int limit)
{
    private readonly PriorityQueue<int, (float Score, int Row)> _heap = new(limit, Comparer<(float Score, int Row)>.Create((a, b) => a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Row.CompareTo(a.Row)));

    /// <summary>What a score must reach to be looked at.</summary>
    public float Worst { get; private set; } = float.Epsilon;

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _heap.Clear();
        Worst = float.Epsilon;
    }

    /// <summary>Offers a row.</summary>
    public void Offer(int row, float score)
    {
        if (!(score >= Worst) || !float.IsFinite(score)) return;
        if (_heap.Count < limit) _heap.Enqueue(row, (score, row));
        else _heap.EnqueueDequeue(row, (score, row));
        if (_heap.Count == limit && _heap.TryPeek(out _, out var worst)) Worst = worst.Score;
    }

    /// <summary>Best first.</summary>
    public List<(int Row, float Score)> Sorted() => [.. _heap.UnorderedItems.Select(i => (i.Element, i.Priority.Score)).OrderByDescending(i => i.Score).ThenBy(i => i.Element)];
}
