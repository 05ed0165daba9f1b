using System.Runtime.CompilerServices;
using Streaming.Core.Snapshot;

namespace Streaming.Simulation.Store;

/// <summary>What the store holds, read at once and without faults: for the checkers.</summary>
internal sealed class CalmStore(StoreModel model) : ISnapshotStore
{
    public string Description => "simulated";

    public ValueTask PrepareAsync(CancellationToken cancellation) => default;

    public ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => new(new Reader(model.Shard(partition)));

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation) => new(model.Blob(name));

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => throw new InvalidOperationException("checkers do not write");

    public ValueTask DisposeAsync() => default;

    private sealed class Reader(ShardCells cells) : IShardStore
    {
        public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => new(cells.ReadShard(isStale: false));

        public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation) => new([.. keys.Select(k => cells.ReadUser(k, isStale: false))]);

        public ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation) => throw new InvalidOperationException("checkers do not write");

        public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => new(cells.ReadDue(fromBucket, toBucket));

        public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => new(cells.ReadFirstDueBucket());

        public async IAsyncEnumerable<StoredUser> ReadAllUsersAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await ValueTask.CompletedTask;
            foreach (var user in cells.Users()) yield return user;
        }

        public ValueTask DisposeAsync() => default;
    }
}
