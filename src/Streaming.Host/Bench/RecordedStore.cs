using Streaming.Core.Snapshot;

namespace Streaming.Host.Bench;

/// <summary>A shard's rows in the engine's store, with a note of every bulk read: which users' rows it asked for.</summary>
internal sealed class RecordedStore(IShardStore store) : IShardStore
{
    private Task _writing = Task.CompletedTask;

    /// <summary>Numbers of the users of each bulk read that was noted.</summary>
    public List<int[]> Reads { get; } = [];

    /// <summary>Whether reads are noted.</summary>
    public bool IsNoting { get; set; }

    /// <summary>Waits for the flush under way.</summary>
    public Task SettleAsync() => _writing;

    /// <inheritdoc/>
    public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
    {
        if (IsNoting && keys.Count > 0) Reads.Add([.. keys.Select(key => UserNumber.Of(key))]);
        return store.ReadUsersAsync(keys, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation) => new(_writing = store.WriteAsync(batch, cancellation).AsTask());

    /// <inheritdoc/>
    public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => store.ReadShardAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => store.ReadDueAsync(fromBucket, toBucket, cancellation);

    /// <inheritdoc/>
    public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => store.ReadFirstDueBucketAsync(cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => store.ReadAllUsersAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();
}
