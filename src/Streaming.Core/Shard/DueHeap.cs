using Streaming.Core.Events;

namespace Streaming.Core.Shard;

/// <summary>A binary heap of (due time, key), smallest first, ties in byte order of the key. Entries are hints: the reader checks them against the profile.</summary>
/// <param name="slack">Entries beyond twice those that counted last before <see cref="IsSwollen"/> says so.</param>
internal sealed class DueHeap(int slack)
{
    private const int FirstLength = 256;
    private (long DueMs, UserKey Key)[] _entries = new (long, UserKey)[FirstLength];
    private int _retained;

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>True where at least half of the entries came since the last <see cref="Retain"/>: many are repeats by now, since a profile brings its entry each time that it is loaded.</summary>
    public bool IsSwollen => Count > (2 * _retained) + slack;

    /// <summary>Earliest due time; <see cref="long.MaxValue"/> where empty.</summary>
    public long FirstMs => Count == 0 ? long.MaxValue : _entries[0].DueMs;

    /// <summary>Adds an entry.</summary>
    public void Add(long dueMs, UserKey key)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        var i = Count++;
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (!Before(dueMs, key, _entries[parent])) break;
            _entries[i] = _entries[parent];
            i = parent;
        }

        _entries[i] = (dueMs, key);
    }

    /// <summary>Removes and returns the first entry.</summary>
    public (long DueMs, UserKey Key) Pop()
    {
        var first = _entries[0];
        var last = _entries[--Count];
        _entries[Count] = default;
        if (Count > 0) SiftDown(last);
        return first;
    }

    /// <summary>Collects the keys of all entries due at or before a time.</summary>
    public void CollectUntil(long timeMs, ICollection<UserKey> into) => Collect(0, timeMs, into);

    /// <summary>Drops repeats, and the entries that a test rejects.</summary>
    public void Retain(Func<long, UserKey, bool> keep)
    {
        // What is sorted is a heap.
        _entries.AsSpan(0, Count).Sort(static (a, b) => a.DueMs != b.DueMs ? a.DueMs.CompareTo(b.DueMs) : a.Key.CompareTo(b.Key));
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            var (dueMs, key) = _entries[i];
            if ((kept > 0 && _entries[kept - 1].DueMs == dueMs && _entries[kept - 1].Key.CompareTo(key) == 0) || !keep(dueMs, key)) continue;
            _entries[kept++] = (dueMs, key);
        }

        Array.Clear(_entries, kept, Count - kept);
        Count = _retained = kept;
        if (Count < _entries.Length / 8) Array.Resize(ref _entries, Math.Max(FirstLength, Count * 2));
    }

    private void Collect(int i, long timeMs, ICollection<UserKey> into)
    {
        if (i >= Count || _entries[i].DueMs > timeMs) return;
        into.Add(_entries[i].Key);
        Collect((2 * i) + 1, timeMs, into);
        Collect((2 * i) + 2, timeMs, into);
    }

    private void SiftDown((long DueMs, UserKey Key) entry)
    {
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= Count) break;
            if (child + 1 < Count && Before(_entries[child + 1].DueMs, _entries[child + 1].Key, _entries[child])) child++;
            if (!Before(_entries[child].DueMs, _entries[child].Key, entry)) break;
            _entries[i] = _entries[child];
            i = child;
        }

        _entries[i] = entry;
    }

    private static bool Before(long dueMs, UserKey key, in (long DueMs, UserKey Key) other) =>
        dueMs < other.DueMs || (dueMs == other.DueMs && key.CompareTo(other.Key) < 0);
}
