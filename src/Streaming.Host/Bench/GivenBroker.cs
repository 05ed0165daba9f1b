using Streaming.Core.Shard;

namespace Streaming.Host.Bench;

/// <summary>A broker that gives the events put into it and takes every transaction.</summary>
/// <param name="partition">Partition number.</param>
/// <param name="start">Offset at which its events begin and the group stands. Above 0 there was a shard before, so that the store may hold rows.</param>
internal sealed class GivenBroker(int partition, long start = 0) : IShardBroker
{
    private readonly long _start = start;
    private long _offset = start, _controlEnd;

    public int Partition => partition;

    /// <summary>Events to give with the next read.</summary>
    public RecordBatch Pending { get; set; } = new();

    /// <summary>Puts an event in.</summary>
    public void Add(long atMs, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => AddTo(Pending, atMs, key, value);

    /// <summary>Puts an event into a batch that will be <see cref="Pending"/> later, in this order.</summary>
    public void AddTo(RecordBatch batch, long atMs, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => batch.Add(_offset++, atMs, true, key, false, value, false);

    public ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        into.AtEnd = true;
        if (topic == SourceTopic.Control) into.NextOffset = _controlEnd;
        if (topic != SourceTopic.Events) return default;
        foreach (ref readonly var record in Pending.Records) into.Add(record.Offset, record.TimestampMs, true, Pending.Key(record), false, Pending.Value(record), false);
        Pending.Reset(_offset);
        return default;
    }

    public void Wake()
    {
        // no read waits
    }

    public ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation) => new(new CommitReceipt((_controlEnd += 2) - 2, 1));

    public ValueTask InitTransactionsAsync(CancellationToken cancellation) => default;

    public ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation) => new(_start == 0 ? GroupOffsets.None : new GroupOffsets(new ShardOffsets(_start, 0, 0), -1, -1));

    public ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation) => ReadCommittedAsync(cancellation);

    public ValueTask<IReadOnlyList<TracedRecord>> FindOpenAsync(IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) => new([]);

    public ValueTask<bool> IsCommittedAsync(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) => new(false);

    public ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation) => new(topic == SourceTopic.Events ? new PartitionBounds(_start, _start) : default);

    public ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation) => default;

    public ValueTask<IReadOnlyList<TracedRecord>> ReadUncommittedAsync(OutputTopic topic, int at, long from, long? transaction, CancellationToken cancellation) => new([]);

    public ValueTask WaitUntilReadableAsync(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) => default;

    public void Begin(long? transaction = null)
    {
        // every transaction is taken
    }

    public void Produce(OutputTopic topic, int to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // nobody reads what is written
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => default;

    public ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation) => default;

    public ValueTask AbortAsync(CancellationToken cancellation) => default;

    public ValueTask DisposeAsync() => default;
}
