namespace Streaming.Simulation.Broker;

/// <summary>
/// One partition as Kafka keeps it: records of open transactions lie between the others, a marker takes an offset, and nobody reads at read_committed beyond the last stable offset, which is the first record of the
/// oldest open transaction.
/// </summary>
internal sealed class PartitionLog
{
    private readonly List<LogEntry> _entries = [];
    private readonly Dictionary<int, long> _open = [];
    private readonly Dictionary<int, int> _epochs = [];

    /// <summary>Offset of the next record.</summary>
    public long End => _entries.Count;

    /// <summary>Last stable offset.</summary>
    public long StableEnd
    {
        get
        {
            var end = End;
            foreach (var first in _open.Values) end = Math.Min(end, first);
            return end;
        }
    }

    public LogEntry this[long offset] => _entries[(int)offset];

    /// <summary>Whether a producer has a transaction open here.</summary>
    public bool IsOpen(int producer) => _open.ContainsKey(producer);

    /// <summary>Epoch of a producer as the partition knows it, from records alone.</summary>
    public int EpochOf(int producer) => _epochs.GetValueOrDefault(producer);

    public long Append(LogEntry entry, int epoch = 0)
    {
        if (entry.Producer >= 0) _epochs[entry.Producer] = epoch;
        if (entry.Producer >= 0) _open.TryAdd(entry.Producer, End);
        _entries.Add(entry);
        return End - 1;
    }

    /// <summary>Ends a producer's open transaction here.</summary>
    public void Mark(int producer, bool commit, long timeMs)
    {
        if (_open.Remove(producer, out var first) && !commit)
        {
            for (var at = (int)first; at < _entries.Count; at++)
            {
                if (_entries[at].Producer == producer) _entries[at].IsAborted = true;
            }
        }

        _entries.Add(new LogEntry { TimeMs = timeMs, IsMarker = true });
    }

    /// <summary>A copy of the first entries, as another cluster would hold it; open transactions are left out.</summary>
    /// <param name="most">How many at most.</param>
    public PartitionLog Copy(long most = long.MaxValue)
    {
        var copy = new PartitionLog();
        copy._entries.AddRange(_entries[..(int)Math.Min(most, StableEnd)]);
        return copy;
    }
}
