namespace Streaming.Core.Shard;

/// <summary>
/// Kafka as one shard sees it: an assigned consumer of its three inputs and one transactional producer whose id follows the partition.
/// Calls come one at a time except that reads may run beside a transaction. Errors are <see cref="Errors.EngineException"/>s.
/// </summary>
public interface IShardBroker : IAsyncDisposable
{
    /// <summary>Partition number of the shard.</summary>
    int Partition { get; }

    /// <summary>Discards any earlier producer, creates a fresh one and initialises its transactions: fences every other owner and settles its open transaction.</summary>
    ValueTask InitTransactionsAsync(CancellationToken cancellation);

    /// <summary>The group's committed offsets, stable (never while a transactional commit is pending). Call after <see cref="InitTransactionsAsync"/>.</summary>
    /// <exception cref="Errors.BrokerUnavailableException">No answer, or a commit that stays pending.</exception>
    ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation);

    /// <summary>The group's committed offsets as they stand, whatever commit is pending; gives up soon. May be called before <see cref="InitTransactionsAsync"/>, which it does not disturb.</summary>
    ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation);

    /// <summary>
    /// Of each of the partitions that goes on behind its last stable offset the record that stands there. Where none of them is of this shard, but records of it stand behind another's open transaction, nobody can
    /// tell whether they are open too: then it waits until that one has ended, for longer than one that somebody works on may last.
    /// </summary>
    /// <exception cref="Errors.RecordsHiddenException">Another shard's transaction stays open.</exception>
    /// <exception cref="Errors.BrokerUnavailableException">The broker does not answer.</exception>
    ValueTask<IReadOnlyList<TracedRecord>> FindOpenAsync(IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation);

    /// <summary>Whether one of the partitions holds a committed record of a transaction of this shard. Reads what was appended from well before a time on.</summary>
    /// <param name="transaction">Number of the transaction (<see cref="TransactionHeader"/>).</param>
    /// <param name="timeMs">Append time of one of its records, ms since 1970.</param>
    /// <param name="among">Where to look.</param>
    /// <param name="cancellation">Cancels.</param>
    ValueTask<bool> IsCommittedAsync(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation);

    /// <summary>Asks the broker for a partition's log start and last stable offset.</summary>
    ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation);

    /// <summary>Sets where the next <see cref="ReadAsync"/> of an input starts.</summary>
    ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation);

    /// <summary>
    /// Reads committed records in order into a batch that was <see cref="RecordBatch.Reset"/> to the current position, or was read into before. Returns when some are there, when the end
    /// is reached, or after the wait; sets <see cref="RecordBatch.NextOffset"/> and <see cref="RecordBatch.AtEnd"/>.
    /// </summary>
    ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation);

    /// <summary>Ends the wait of the read of events that runs, or else of the next one that would wait: somebody wants a batch soon. From any thread, also after the broker was disposed.</summary>
    void Wake();

    /// <summary>Records of a partition, whether their transactions were committed, aborted or are open. Moves no reading position.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="partition">Partition.</param>
    /// <param name="from">Offset of the first.</param>
    /// <param name="transaction">Those of one transaction of this shard; null: all.</param>
    /// <param name="cancellation">Cancels.</param>
    ValueTask<IReadOnlyList<TracedRecord>> ReadUncommittedAsync(OutputTopic topic, int partition, long from, long? transaction, CancellationToken cancellation);

    /// <summary>
    /// Waits until what this broker committed in partitions where other shards write as well can be read: a commit is not held up by their open transactions, but a later transaction of this shard in the same partition
    /// would end what was left open there, and its own way. Call before such a one is begun.
    /// </summary>
    /// <exception cref="Errors.EngineException">It stays unreadable for longer than another's transaction may last, or the shard's own is in the way: take over again.</exception>
    ValueTask WaitUntilReadableAsync(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation);

    /// <summary>Begins a transaction.</summary>
    /// <param name="transaction">Number in the headers of its records: that of an earlier one, whose records are written once more. Null: a new one.</param>
    void Begin(long? transaction = null);

    /// <summary>Adds one record to the open transaction, with its <see cref="TransactionHeader"/>. The bytes are copied before the call returns.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="partition">Partition number.</param>
    /// <param name="key">Record key; empty means null.</param>
    /// <param name="value">Record value.</param>
    void Produce(OutputTopic topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Waits until the broker has every record of the open transaction: what is aborted before may never have reached its partition.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>Adds the input offsets to the open transaction.</summary>
    /// <param name="next">The offsets.</param>
    /// <param name="sequence">Sequence of the batch, which goes with them.</param>
    /// <param name="cancellation">Cancels until the call starts.</param>
    ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation);

    /// <summary>Commits, and returns only once the offsets sent are the group's and the records in the shard's own partitions can be read: until then the broker may have decided on the transaction and still lose it. The receipt tells where the batch record landed.</summary>
    ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation);

    /// <summary>Aborts the open transaction, if any.</summary>
    ValueTask AbortAsync(CancellationToken cancellation);
}
