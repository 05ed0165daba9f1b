namespace Streaming.Training.NextItem;

/// <summary>Sessions in time order, their items one behind the other in one array.</summary>
/// <param name="items">Item numbers of all sessions.</param>
/// <param name="starts">Where each session begins, and the end of the last: one more than there are sessions.</param>
/// <param name="itemCount">Items numbered so far: numbers are below it.</param>
public sealed class SessionLog(int[] items, int[] starts, int itemCount)
{
    /// <summary>Sessions.</summary>
    public int Count => starts.Length - 1;

    /// <summary>Items numbered so far.</summary>
    public int ItemCount => itemCount;

    /// <summary>Clicks of all sessions.</summary>
    public int Clicks => starts[^1] - starts[0];

    /// <summary>Items of a session in the order of the clicks.</summary>
    public ReadOnlySpan<int> this[int session] => items.AsSpan(starts[session], starts[session + 1] - starts[session]);

    /// <summary>Sessions from one to before another, sharing memory and item numbers.</summary>
    public SessionLog Slice(int from, int to) => new(items, starts[from..(to + 1)], itemCount);

    /// <summary>The session from which on at most the given share of all clicks lies.</summary>
    /// <param name="share">0 to 1.</param>
    public int FirstOfLast(double share)
    {
        var limit = starts[^1] - (long)(share * Clicks);
        var session = Count;
        while (session > 0 && starts[session - 1] >= limit) session--;
        return session;
    }
}
