using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>
/// What every test double of <see cref="IShardBroker"/> begins with, so that a new member of it is added here alone: each call goes to an inner broker; where there is none, nothing was ever written and everything is taken.
/// </summary>
/// <param name="inner">Who answers what a double does not answer itself; null: nobody.</param>
internal abstract class StubShardBroker(IShardBroker? inner = null) : IShardBroker
{
    public abstract int Partition { get; }

    public virtual ValueTask InitTransactionsAsync(CancellationToken cancellation) => inner?.InitTransactionsAsync(cancellation) ?? default;

    public virtual ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation) => inner?.ReadCommittedAsync(cancellation) ?? new(GroupOffsets.None);

    public virtual ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation) => inner?.PeekCommittedAsync(cancellation) ?? new(GroupOffsets.None);

    public virtual ValueTask<IReadOnlyList<TracedRecord>> FindOpenAsync(IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) => inner?.FindOpenAsync(among, cancellation) ?? new([]);

    public virtual ValueTask<bool> IsCommittedAsync(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) =>
        inner?.IsCommittedAsync(transaction, timeMs, among, cancellation) ?? new(false);

    public virtual ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation) => inner?.ReadBoundsAsync(topic, cancellation) ?? new(default(PartitionBounds));

    public virtual ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation) => inner?.SeekAsync(topic, offset, cancellation) ?? default;

    public virtual ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        if (inner is not null) return inner.ReadAsync(topic, into, maxRecords, maxWait, cancellation);
        into.AtEnd = true;
        return default;
    }

    public virtual void Wake() => inner?.Wake();

    public virtual ValueTask<IReadOnlyList<TracedRecord>> ReadUncommittedAsync(OutputTopic topic, int at, long from, long? transaction, CancellationToken cancellation) =>
        inner?.ReadUncommittedAsync(topic, at, from, transaction, cancellation) ?? new([]);

    public virtual ValueTask WaitUntilReadableAsync(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) => inner?.WaitUntilReadableAsync(among, cancellation) ?? default;

    public virtual void Begin(long? transaction = null) => inner?.Begin(transaction);

    public virtual void Produce(OutputTopic topic, int to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => inner?.Produce(topic, to, key, value);

    public virtual ValueTask FlushAsync(CancellationToken cancellation) => inner?.FlushAsync(cancellation) ?? default;

    public virtual ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation) => inner?.SendOffsetsAsync(next, sequence, cancellation) ?? default;

    public virtual ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation) => inner?.CommitAsync(cancellation) ?? new(default(CommitReceipt));

    public virtual ValueTask AbortAsync(CancellationToken cancellation) => inner?.AbortAsync(cancellation) ?? default;

    public virtual ValueTask DisposeAsync() => inner?.DisposeAsync() ?? default;
}
