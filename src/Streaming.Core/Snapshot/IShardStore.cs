namespace Streaming.Core.Snapshot;

/// <summary>
/// The durable rows of one shard. Every write carries a write time and wins only over an older one, so a late writer loses by itself.
/// Failures are <see cref="Errors.StoreUnavailableException"/>; a missing row is an answer, never an error.
/// </summary>
public interface IShardStore : IAsyncDisposable
{
    /// <summary>The shard's row R, or none.</summary>
    ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation);

    /// <summary>Rows of many users at once; the answer has the order and length of <paramref name="keys"/>.</summary>
    ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation);

    /// <summary>Makes rows and due entries durable, then R. May be repeated with the same batch after a failure.</summary>
    ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation);

    /// <summary>Due entries of the buckets [from, to].</summary>
    ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation);

    /// <summary>Lowest bucket that has an entry, or null.</summary>
    ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation);

    /// <summary>All users of the shard in key order, for audit, export and state hashes; never on the hot path.</summary>
    IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation);
}
