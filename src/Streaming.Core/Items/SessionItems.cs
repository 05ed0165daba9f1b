namespace Streaming.Core.Items;

/// <summary>
/// Items of sessions by place, in the order of the clicks. Most sessions are short: up to seven items lie beside their number in one half of a cache line, so that reading one session out of a million waits for memory
/// once; longer ones have an array of their own.
/// </summary>
internal sealed class SessionItems
{
    private const int Width = 8, Inline = Width - 1, Long = -1;
    private readonly Dictionary<int, int[]> _long = [];
    private int[] _rows = [];

    /// <summary>Makes room for so many places.</summary>
    public void Resize(int places) => Array.Resize(ref _rows, checked(places * Width));

    /// <summary>Items of a place, in order; empty where there is none.</summary>
    public ReadOnlySpan<int> this[int place]
    {
        get
        {
            var row = _rows.AsSpan(place * Width, Width);
            return row[0] == Long ? _long[place] : row.Slice(1, row[0]);
        }
    }

    /// <summary>True where there is a session.</summary>
    public bool Has(int place) => _rows[place * Width] != 0;

    /// <summary>Asks the processor for a place that is read soon.</summary>
    public void AskFor(int place) => Prefetch.Line(in _rows[place * Width]);

    /// <summary>Room for the items of a session that is put at a place; at least one.</summary>
    public Span<int> Put(int place, int count)
    {
        Clear(place);
        if (count <= Inline)
        {
            _rows[place * Width] = count;
            return _rows.AsSpan((place * Width) + 1, count);
        }

        _rows[place * Width] = Long;
        return _long[place] = new int[count];
    }

    /// <summary>Empties a place.</summary>
    public void Clear(int place)
    {
        if (_rows[place * Width] == Long) _long.Remove(place);
        _rows[place * Width] = 0;
    }
}
