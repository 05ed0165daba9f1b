namespace Streaming.Training.NextItem;

/// <summary>The best of many scored items, reused. Equal scores: the larger id is the better, as the protocol has it. Scores that are no numbers are never taken.</summary>
/// <param name="places">Places of the items in the order of their ids.</param>
/// <param name="capacity">Most items that may be asked for.</param>
internal sealed class TopScores(int[] places, int capacity)
{
    private readonly int[] _items = new int[capacity];
    private readonly float[] _scores = new float[capacity];
    private int _limit;

    /// <summary>Items held; best first after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>Their scores.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, Count);

    /// <summary>Items held.</summary>
    public int Count { get; private set; }

    /// <summary>Empties and sets how many are held.</summary>
    public void Reset(int limit) => (_limit, Count) = (Math.Min(limit, capacity), 0);

    /// <summary>Offers all items with a sum.</summary>
    public void Offer(SparseScores scores)
    {
        foreach (var item in scores.Items) Offer(item, scores[item]);
    }

    /// <summary>Offers all items.</summary>
    public void Offer(ReadOnlySpan<float> scores)
    {
        for (var item = 0; item < scores.Length; item++)
        {
            if (Count < _limit || scores[item] >= _scores[0]) Offer(item, scores[item]); // most end at the second test
        }
    }

    /// <summary>Offers an item; each once only.</summary>
    public void Offer(int item, float score)
    {
        if (_limit == 0 || !float.IsFinite(score)) return;
        if (Count < _limit)
        {
            var at = Count++;
            while (at > 0 && IsWorse(score, item, (at - 1) / 2))
            {
                Move((at - 1) / 2, at);
                at = (at - 1) / 2;
            }

            (_items[at], _scores[at]) = (item, score);
        }
        else if (!IsWorse(score, item, 0))
        {
            Down(item, score, Count);
        }
    }

    /// <summary>Puts the best first; nothing may be offered until <see cref="Reset"/>.</summary>
    public void Sort()
    {
        for (var last = Count - 1; last > 0; last--)
        {
            var (item, score) = (_items[last], _scores[last]);
            Move(0, last);
            Down(item, score, last);
        }
    }

    private void Down(int item, float score, int count)
    {
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= count) break;
            if (child + 1 < count && IsWorse(_scores[child + 1], _items[child + 1], child)) child++;
            if (IsWorse(score, item, child)) break;
            Move(child, at);
            at = child;
        }

        (_items[at], _scores[at]) = (item, score);
    }

    private void Move(int from, int to) => (_items[to], _scores[to]) = (_items[from], _scores[from]);

    private bool IsWorse(float score, int item, int than) => score != _scores[than] ? score < _scores[than] : places[item] < places[_items[than]];
}
