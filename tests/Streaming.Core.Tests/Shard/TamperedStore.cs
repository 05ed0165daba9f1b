using System.Runtime.CompilerServices;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>An in-memory store whose answers for single users can be falsified until their row is written anew, and that can be away or break off in the middle of a flush.</summary>
internal sealed class TamperedStore : ISnapshotStore
{
    private readonly InMemorySnapshotStore _inner = new();
    private readonly Dictionary<UserKey, (long WriteTime, Func<StoredRow> Answer)> _false = [];

    public bool IsAway { get; set; }

    /// <summary>Due entries cannot be read; rows can.</summary>
    public bool AreDuesAway { get; set; }

    /// <summary>The next flush writes its due entries and then breaks off.</summary>
    public bool BreaksAfterDueEntries { get; set; }

    /// <summary>Falsifies R as it is read.</summary>
    public Func<StoredRow, StoredRow>? Mark { get; set; }

    /// <summary>User rows asked for.</summary>
    public int RowsRead { get; private set; }

    public string Description => "tampered";

    /// <summary>What the store really holds.</summary>
    public async Task<StoredRow> TrueAsync(UserKey key, int partition = 0)
    {
        await using var shard = await _inner.OpenShardAsync(partition, default);
        return (await shard.ReadUsersAsync([key.Bytes], default))[0];
    }

    /// <summary>From now on the answer for a user is another one, until its row is written anew.</summary>
    public async Task FalsifyAsync(UserKey key, Func<StoredRow, StoredRow> how, int partition = 0)
    {
        var row = await TrueAsync(key, partition);
        _false[key] = (row.WriteTime, () => how(row));
    }

    /// <summary>The right answer from now on.</summary>
    public void Repair(UserKey key) => _false.Remove(key);

    public ValueTask PrepareAsync(CancellationToken cancellation) => _inner.PrepareAsync(cancellation);

    public async ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => new Shard(this, await _inner.OpenShardAsync(partition, cancellation));

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation)
    {
        Check();
        return _inner.ReadBlobAsync(name, cancellation);
    }

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Check();
        return _inner.WriteBlobAsync(name, bytes, cancellation);
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private void Check()
    {
        if (IsAway) throw new StoreUnavailableException("away");
    }

    private sealed class Shard(TamperedStore store, IShardStore inner) : IShardStore
    {
        public async ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation)
        {
            store.Check();
            var row = await inner.ReadShardAsync(cancellation);
            return store.Mark is null ? row : store.Mark(row);
        }

        public async ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
        {
            store.Check();
            store.RowsRead += keys.Count;
            var rows = await inner.ReadUsersAsync(keys, cancellation);
            for (var i = 0; i < rows.Length; i++)
            {
                if (store._false.TryGetValue(new UserKey(keys[i]), out var other)) rows[i] = other.Answer();
            }

            return rows;
        }

        public async ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
        {
            store.Check();
            if (store.BreaksAfterDueEntries)
            {
                store.BreaksAfterDueEntries = false;
                store.IsAway = true;
                await inner.WriteAsync(new FlushBatch { WriteTime = batch.WriteTime, Bytes = default, Rows = [], DueUpserts = batch.DueUpserts, DueDeletes = [], ShardRow = default }, cancellation);
                store.Check();
            }

            await inner.WriteAsync(batch, cancellation);
            foreach (var row in batch.Rows)
            {
                if (store._false.TryGetValue(new UserKey(row.Key), out var other) && batch.WriteTime > other.WriteTime) store._false.Remove(new UserKey(row.Key));
            }
        }

        public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation)
        {
            store.Check();
            if (store.AreDuesAway) throw new StoreUnavailableException("away");
            return inner.ReadDueAsync(fromBucket, toBucket, cancellation);
        }

        public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation)
        {
            store.Check();
            if (store.AreDuesAway) throw new StoreUnavailableException("away");
            return inner.ReadFirstDueBucketAsync(cancellation);
        }

        public async IAsyncEnumerable<StoredUser> ReadAllUsersAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var user in inner.ReadAllUsersAsync(cancellation)) yield return user;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
