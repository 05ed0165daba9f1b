using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>An in-memory store that can be away, or slow: its reads answer when they are let go.</summary>
internal sealed class FlakyStore : ISnapshotStore
{
    private readonly InMemorySnapshotStore _inner = new();

    public bool IsAway { get; set; }

    /// <summary>Completes when rows of users may be answered.</summary>
    public Task Rows { get; set; } = Task.CompletedTask;

    /// <summary>Completes when due entries may be answered.</summary>
    public Task Dues { get; set; } = Task.CompletedTask;

    /// <summary>Completes when vector tables may be read and written.</summary>
    public Task Tables { get; set; } = Task.CompletedTask;

    public string Description => "flaky";

    public ValueTask PrepareAsync(CancellationToken cancellation) => _inner.PrepareAsync(cancellation);

    public async ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => new Shard(this, await _inner.OpenShardAsync(partition, cancellation));

    public async ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation)
    {
        Check();
        await Tables.ConfigureAwait(false);
        return await _inner.ReadBlobAsync(name, cancellation).ConfigureAwait(false);
    }

    public async ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Check();
        await Tables.ConfigureAwait(false);
        await _inner.WriteBlobAsync(name, bytes, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private void Check()
    {
        if (IsAway) throw new StoreUnavailableException("away");
    }

    private sealed class Shard(FlakyStore store, IShardStore inner) : IShardStore
    {
        public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation)
        {
            store.Check();
            return inner.ReadShardAsync(cancellation);
        }

        public async ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
        {
            store.Check();
            await store.Rows.ConfigureAwait(false);
            return await inner.ReadUsersAsync(keys, cancellation).ConfigureAwait(false);
        }

        public ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
        {
            store.Check();
            return inner.WriteAsync(batch, cancellation);
        }

        public async ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation)
        {
            store.Check();
            await store.Dues.ConfigureAwait(false);
            return await inner.ReadDueAsync(fromBucket, toBucket, cancellation).ConfigureAwait(false);
        }

        public async ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation)
        {
            store.Check();
            await store.Dues.ConfigureAwait(false);
            return await inner.ReadFirstDueBucketAsync(cancellation).ConfigureAwait(false);
        }

        public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => inner.ReadAllUsersAsync(cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
