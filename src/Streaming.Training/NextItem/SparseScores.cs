namespace Streaming.Training.NextItem;

/// <summary>Sums by item of which few are not zero; reused, so that an answer leaves nothing to collect.</summary>
/// <param name="itemCount">Items.</param>
internal sealed class SparseScores(int itemCount)
{
    private readonly float[] _scores = new float[itemCount];
    private readonly bool[] _isTouched = new bool[itemCount];
    private readonly int[] _touched = new int[itemCount];

    /// <summary>Items with a sum, in the order in which they were first added to.</summary>
    public ReadOnlySpan<int> Items => _touched.AsSpan(0, Count);

    /// <summary>Items with a sum.</summary>
    public int Count { get; private set; }

    /// <summary>The sum of an item; 0 where there is none.</summary>
    public float this[int item] => _scores[item];

    /// <summary>Adds.</summary>
    public void Add(int item, float value)
    {
        if (!_isTouched[item])
        {
            _isTouched[item] = true;
            _touched[Count++] = item;
        }

        _scores[item] += value;
    }

    /// <summary>Forgets all sums.</summary>
    public void Clear()
    {
        foreach (var item in Items) (_scores[item], _isTouched[item]) = (0, false);
        Count = 0;
    }

    /// <summary>Writes the sums over all items, 0 where there is none.</summary>
    public void CopyTo(Span<float> scores)
    {
        scores.Clear();
        foreach (var item in Items) scores[item] = _scores[item];
    }
}
