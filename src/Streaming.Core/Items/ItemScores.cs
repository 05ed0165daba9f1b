namespace Streaming.Core.Items;

/// <summary>A reusable map item → score that grows with the items touched, not with the catalogue. Order is the order of first touch.</summary>
public sealed class ItemScores
{
    private int[] _slots = new int[256];
    private int[] _stamps = new int[256];
    private int _stamp = 1;
    private int[] _items = new int[128];
    private float[] _scores = new float[128];
    private float[] _strongest = new float[128];
    private int[] _because = new int[128];

    /// <summary>Items touched.</summary>
    public int Count { get; private set; }

    /// <summary>Item number of the i-th.</summary>
    public int Item(int i) => _items[i];

    /// <summary>Score of the i-th.</summary>
    public float Score(int i) => _scores[i];

    /// <summary>Item that the strongest part of the i-th's score came from; -1: none.</summary>
    public int Because(int i) => _because[i];

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Count = 0;
        if (++_stamp != int.MaxValue) return;
        Array.Clear(_stamps);
        _stamp = 1;
    }

    /// <summary>Adds to an item's score.</summary>
    public void Add(int item, float score, int because) => AddAt(Place(item), score, because);

    /// <summary>Adds to the score of the i-th.</summary>
    public void AddAt(int i, float score, int because)
    {
        _scores[i] += score;
        if (!(score > _strongest[i])) return;
        _strongest[i] = score;
        _because[i] = because;
    }

    /// <summary>Multiplies the score of the i-th.</summary>
    public void Scale(int i, float factor) => _scores[i] *= factor;

    /// <summary>Raises an item's score to at least this.</summary>
    public void Raise(int item, float score, int because)
    {
        var i = Place(item);
        if (!(score > _strongest[i])) return;
        _scores[i] = _strongest[i] = score;
        _because[i] = because;
    }

    /// <summary>Place of an item, or -1.</summary>
    public int Find(int item)
    {
        var mask = _slots.Length - 1;
        for (var slot = Home(item, mask); ; slot = (slot + 1) & mask)
        {
            if (_stamps[slot] != _stamp) return -1;
            if (_items[_slots[slot]] == item) return _slots[slot];
        }
    }

    /// <summary>Place of an item, made with score 0 where it has none.</summary>
    public int Place(int item)
    {
        var found = Find(item);
        if (found >= 0) return found;
        if (Count == _items.Length) Grow();
        _items[Count] = item;
        _scores[Count] = 0;
        _strongest[Count] = float.NegativeInfinity;
        _because[Count] = -1;
        Insert(Count);
        return Count++;
    }

    private void Insert(int place)
    {
        var mask = _slots.Length - 1;
        var slot = Home(_items[place], mask);
        while (_stamps[slot] == _stamp) slot = (slot + 1) & mask;
        _slots[slot] = place;
        _stamps[slot] = _stamp;
    }

    private void Grow()
    {
        var size = _items.Length * 2;
        Array.Resize(ref _items, size);
        Array.Resize(ref _scores, size);
        Array.Resize(ref _strongest, size);
        Array.Resize(ref _because, size);
        _slots = new int[size * 2];
        _stamps = new int[size * 2];
        _stamp = 1;
        for (var i = 0; i < Count; i++) Insert(i);
    }

    private static int Home(int item, int mask) => (int)((uint)item * 2654435769u >> 7) & mask;
}
