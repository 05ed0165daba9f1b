using Streaming.Core.Events;

namespace Streaming.Core.Shard;

/// <summary>A binary heap of (due time, key), smallest first, ties in byte order of the key. Entries are hints: the reader checks them against the profile.</summary>
internal sealed class DueHeap
{
    private (long DueMs, UserKey Key)[] _entries = new (long, UserKey)[256];

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

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

    /// <summary>Drops the entries that a test rejects.</summary>
    public void Retain(Func<long, UserKey, bool> keep)
    {
        var kept = _entries.AsSpan(0, Count).ToArray();
        Count = 0;
        foreach (var (dueMs, key) in kept)
        {
            if (keep(dueMs, key)) Add(dueMs, key);
        }

        Array.Clear(_entries, Count, _entries.Length - Count);
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
