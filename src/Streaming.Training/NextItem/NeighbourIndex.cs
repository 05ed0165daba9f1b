namespace Streaming.Training.NextItem;

/// <summary>Sessions by item, newest first, with the place of the item's last click in each.</summary>
internal sealed class NeighbourIndex
{
    private readonly int[] _starts;
    private readonly int[] _sessions;
    private readonly int[] _places;

    /// <summary>Indexes sessions.</summary>
    /// <param name="log">Sessions in time order.</param>
    /// <param name="counts">Their counts.</param>
    public NeighbourIndex(SessionLog log, ItemCounts counts)
    {
        Log = log;
        _starts = new int[log.ItemCount + 1];
        for (var item = 0; item < log.ItemCount; item++) _starts[item + 1] = _starts[item] + counts.Sessions[item];
        _sessions = new int[_starts[^1]];
        _places = new int[_starts[^1]];
        var next = _starts.AsSpan(0, log.ItemCount).ToArray();
        for (var s = log.Count - 1; s >= 0; s--)
        {
            var items = log[s];
            for (var place = items.Length - 1; place >= 0; place--)
            {
                var item = items[place];
                if (next[item] > _starts[item] && _sessions[next[item] - 1] == s) continue; // a later click of it is there
                _sessions[next[item]] = s;
                _places[next[item]++] = place;
            }
        }

        Rarity = new float[log.ItemCount];
        for (var item = 0; item < log.ItemCount; item++) Rarity[item] = MathF.Log(1 + ((float)log.Count / Math.Max(1, counts.Sessions[item])));
    }

    /// <summary>The sessions.</summary>
    public SessionLog Log { get; }

    /// <summary>ln(1 + sessions / sessions with the item).</summary>
    public float[] Rarity { get; }

    /// <summary>Sessions with an item, newest first, and the places of its last click in them.</summary>
    /// <param name="item">Item.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="places">The places.</param>
    public ReadOnlySpan<int> Sessions(int item, int most, out ReadOnlySpan<int> places)
    {
        var count = Math.Min(most, _starts[item + 1] - _starts[item]);
        places = _places.AsSpan(_starts[item], count);
        return _sessions.AsSpan(_starts[item], count);
    }
}
