namespace Streaming.Core.Shard;

/// <summary>Records that a batch will produce, end to end in one buffer.</summary>
internal sealed class OutputBuffer
{
    private byte[] _bytes = new byte[4 * 1024];
    private int _used;
    private readonly List<(OutputTopic Topic, int Partition, int Start, int KeyLength, int ValueLength)> _records = [];

    /// <summary>Number of records.</summary>
    public int Count => _records.Count;

    /// <summary>Partitions of topics that other shards write to as well.</summary>
    public HashSet<(OutputTopic Topic, int Partition)> Shared { get; } = [];

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        Shared.Clear();
        _used = 0;
        _records.Clear();
    }

    /// <summary>Copies a record in.</summary>
    public void Add(OutputTopic topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var need = _used + key.Length + value.Length;
        if (need > _bytes.Length) Array.Resize(ref _bytes, Math.Max(need, checked(_bytes.Length * 2)));
        key.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + key.Length));
        _records.Add((topic, partition, _used, key.Length, value.Length));
        if (topic is OutputTopic.Links or OutputTopic.Events) Shared.Add((topic, partition));
        _used = need;
    }

    /// <summary>Copies every record into another buffer.</summary>
    public void CopyTo(OutputBuffer other)
    {
        foreach (var (topic, partition, start, keyLength, valueLength) in _records)
            other.Add(topic, partition, _bytes.AsSpan(start, keyLength), _bytes.AsSpan(start + keyLength, valueLength));
    }

    /// <summary>Produces the records of <c>control</c> into the open transaction: they belong to the batch record that follows.</summary>
    public void ProduceControlTo(IShardBroker broker)
    {
        foreach (var (topic, partition, start, keyLength, valueLength) in _records)
        {
            if (topic == OutputTopic.Control) broker.Produce(topic, partition, _bytes.AsSpan(start, keyLength), _bytes.AsSpan(start + keyLength, valueLength));
        }
    }

    /// <summary>Produces every other record into the open transaction, except those of withheld topics.</summary>
    public void ProduceTo(IShardBroker broker, HashSet<OutputTopic> paused)
    {
        foreach (var (topic, partition, start, keyLength, valueLength) in _records)
        {
            if (topic == OutputTopic.Control || paused.Contains(topic)) continue;
            broker.Produce(topic, partition, _bytes.AsSpan(start, keyLength), _bytes.AsSpan(start + keyLength, valueLength));
            CrashPoint.Hit("A3-some-produced");
            CrashPoint.HitWhere(topic == OutputTopic.DeadLetters, "A14-dead-letter-produced");
        }
    }
}
