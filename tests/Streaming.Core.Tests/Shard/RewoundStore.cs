using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>An in-memory store that can be put back to an earlier moment under its shards.</summary>
internal sealed class RewoundStore : ISnapshotStore
{
    private readonly InMemorySnapshotStore _now = new(), _earlier = new();
    private bool _isKept, _isBack;

    public string Description => "rewound";

    /// <summary>From now on the copy stays as it is.</summary>
    public void Keep() => _isKept = true;

    /// <summary>The copy takes the store's place.</summary>
    public void GoBack() => _isBack = true;

    public ValueTask PrepareAsync(CancellationToken cancellation) => _now.PrepareAsync(cancellation);

    public async ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) =>
        new Shard(this, await _now.OpenShardAsync(partition, cancellation), await _earlier.OpenShardAsync(partition, cancellation));

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation) => _now.ReadBlobAsync(name, cancellation);

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _now.WriteBlobAsync(name, bytes, cancellation);

    public ValueTask DisposeAsync() => _now.DisposeAsync();

    private sealed class Shard(RewoundStore store, IShardStore now, IShardStore earlier) : IShardStore
    {
        private IShardStore Current => store._isBack ? earlier : now;

        public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => Current.ReadShardAsync(cancellation);

        public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation) => Current.ReadUsersAsync(keys, cancellation);

        public async ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
        {
            await Current.WriteAsync(batch, cancellation);
            if (!store._isKept) await earlier.WriteAsync(batch, cancellation);
        }

        public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => Current.ReadDueAsync(fromBucket, toBucket, cancellation);

        public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => Current.ReadFirstDueBucketAsync(cancellation);

        public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => Current.ReadAllUsersAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            await now.DisposeAsync();
            await earlier.DisposeAsync();
        }
    }
}
