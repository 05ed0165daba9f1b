using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>
/// Records of committed transactions in partitions that other shards write as well, which nobody can read yet: a transaction is open before them. Another shard's ends soon, or its time limit ends it; one that is
/// still there long after may be a transaction of this shard whose marker was dropped.
/// </summary>
/// <param name="graceMs">Time after which a record is overdue, ms.</param>
internal sealed class UnreadRecords(long graceMs)
{
    private const long CheckEachMs = 10_000;
    private readonly List<(WrittenTo At, long SinceMs)> _records = [];
    private long _nextCheckMs = long.MaxValue;

    /// <summary>Whether it is time to look after them. From any thread; every other call comes from one at a time.</summary>
    public bool IsDue => Environment.TickCount64 >= Volatile.Read(ref _nextCheckMs);

    /// <summary>Whether there is none. From any thread.</summary>
    public bool IsEmpty => Volatile.Read(ref _nextCheckMs) == long.MaxValue;

    /// <summary>The partitions.</summary>
    public IReadOnlyList<(string Topic, int Partition)> Places => [.. _records.Select(r => (r.At.Name, r.At.Partition))];

    /// <summary>Whether one of the partitions is among them.</summary>
    public bool HasAny(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among) => _records.Exists(r => among.Contains((r.At.Topic, r.At.Partition)));

    /// <summary>Remembers a record; the last of a partition stands for all.</summary>
    public void Add(WrittenTo at)
    {
        _records.RemoveAll(r => r.At.Topic == at.Topic && r.At.Partition == at.Partition);
        _records.Add((at, Environment.TickCount64));
        Volatile.Write(ref _nextCheckMs, Math.Min(_nextCheckMs, Environment.TickCount64 + CheckEachMs));
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _records.Clear();
        Later();
    }

    /// <summary>Forgets those that can be read now, and answers those that are overdue; they get as long again.</summary>
    /// <param name="stableEnds">Last stable offsets of <see cref="Places"/>.</param>
    public IReadOnlyList<WrittenTo> Look(long[] stableEnds)
    {
        var now = Environment.TickCount64;
        var overdue = new List<WrittenTo>();
        for (var i = _records.Count - 1; i >= 0; i--)
        {
            if (stableEnds[i] > _records[i].At.Offset)
            {
                _records.RemoveAt(i);
            }
            else if (now - _records[i].SinceMs >= graceMs)
            {
                overdue.Add(_records[i].At);
                _records[i] = (_records[i].At, now);
            }
        }

        Later();
        return overdue;
    }

    /// <summary>Puts the next look off.</summary>
    public void Later() => Volatile.Write(ref _nextCheckMs, _records.Count == 0 ? long.MaxValue : Environment.TickCount64 + CheckEachMs);
}
