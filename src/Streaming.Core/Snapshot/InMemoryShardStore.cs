using System.Runtime.CompilerServices;

namespace Streaming.Core.Snapshot;

/// <summary>One handle on an <see cref="InMemoryShard"/>. Every call ends before it returns, so a simulation stays deterministic.</summary>
internal sealed class InMemoryShardStore(InMemoryShard shard) : IShardStore
{
    public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => new(shard.ReadShard());

    public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation) => new(shard.ReadUsers(keys));

    public ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        shard.Write(batch);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) =>
        new(shard.ReadDue(fromBucket, toBucket));

    public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => new(shard.ReadFirstDueBucket());

    public async IAsyncEnumerable<StoredUser> ReadAllUsersAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await ValueTask.CompletedTask;
        foreach (var user in shard.ReadAllUsers())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return user;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
