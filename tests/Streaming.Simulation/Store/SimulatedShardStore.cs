using Streaming.Core.Events;
using Streaming.Core.Snapshot;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Store;

/// <summary>
/// A shard's rows as one process sees them. Cell by cell, in Cassandra's order (due entries that come, rows, due entries that go, R; docs/decisions/0011), each in its own time, or all at once as SQLite does it.
/// </summary>
internal sealed class SimulatedShardStore(SimulatedStore store, StoreModel model, Rng rng, int partition, bool isAtomic) : IShardStore
{
    private const int MaxRequests = 3;
    private readonly Dictionary<UserKey, long> _written = [];

    /// <summary>The owner takes over: what it knew of rows it knows no more.</summary>
    public void OwnerForgets() => _written.Clear();

    public async ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation)
    {
        var isStale = rng.Chance(model.StaleShardReads);
        return await store.AskAsync(Label.ReadShard, () => ReadR(isStale), cancellation).ConfigureAwait(false);
    }

    public async ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
    {
        byte[][] asked = [.. keys];
        return await store.AskAsync(Label.ReadUsers, () => asked.Select(Read).ToArray(), cancellation).ConfigureAwait(false);
    }

    private StoredRow ReadR(bool isStale)
    {
        var row = model.Shard(partition).ReadShard(isStale);
        if (isStale && row.WriteTime < model.Shard(partition).ReadShard(isStale: false).WriteTime) model.StaleShardRows++;
        return row;
    }

    private StoredRow Read(byte[] key)
    {
        // An outdated row passes every check. It can be told from the newest one by an owner that wrote the newest one itself, and by no other (docs/fault-model.md): only that is asked of it here.
        var newest = model.Shard(partition).ReadUser(key, isStale: false).WriteTime;
        var isTellable = _written.TryGetValue(new UserKey(key), out var written) && newest <= written;
        var row = model.Shard(partition).ReadUser(key, isStale: rng.Chance(model.StaleUserReads) && isTellable);
        if (row.WriteTime < newest) model.StaleRows++;
        if (row.Blob is null || !rng.Chance(model.CorruptUserReads)) return row;
        model.CorruptRows++;
        var damaged = rng.Chance(0.3) ? row.Blob[..rng.Below(row.Blob.Length)] : (byte[])row.Blob.Clone();
        if (damaged.Length > 0) damaged[rng.Below(damaged.Length)] ^= (byte)(1 << rng.Below(8));
        return row with { Blob = damaged };
    }

    public async ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        // What is sent is copied: the engine may use its buffer again once a repeat of the same write has succeeded.
        (byte[] Key, byte[] Row)[] rows = [.. batch.Rows.Select(r => (r.Key, batch.Bytes.Slice(r.Start, r.Length).ToArray()))];
        var shardRow = batch.ShardRow.ToArray();
        var time = batch.WriteTime;
        Action[] come = [.. batch.DueUpserts.Select(d => (Action)(() => model.Shard(partition).WriteDue(d, isRemoval: false, d.WriteTime)))];
        Action[] users = [.. rows.Select(r => (Action)(() => model.WriteUser(partition, r.Key, r.Row, time)))];
        Action[] go = [.. batch.DueDeletes.Select(d => (Action)(() => model.Shard(partition).WriteDue(d, isRemoval: true, time)))];
        Action[] last = shardRow.Length == 0 ? [] : [() => model.WriteShard(partition, shardRow, time)];
        if (isAtomic)
        {
            await WriteAsync([.. come, .. users, .. go, .. last], 1, cancellation).ConfigureAwait(false);
        }
        else
        {
            foreach (var phase in (Action[][])[come, users, go, last]) await WriteAsync(phase, MaxRequests, cancellation).ConfigureAwait(false);
        }

        foreach (var (key, _) in rows) _written[new UserKey(key)] = time;
    }

    public async ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) =>
        await store.AskAsync(Label.ReadDue, () => model.Shard(partition).ReadDue(fromBucket, toBucket), cancellation).ConfigureAwait(false);

    public async ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) =>
        await store.AskAsync(Label.ReadFirstDue, () => model.Shard(partition).ReadFirstDueBucket(), cancellation).ConfigureAwait(false);

    public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => throw new InvalidOperationException("a shard never reads all users");

    public ValueTask DisposeAsync() => default;

    // Several requests at once; each is applied or not by itself. All are waited for, then the first failure counts.
    private async Task WriteAsync(Action[] cells, int requests, CancellationToken cancellation)
    {
        if (cells.Length == 0) return;
        var count = Math.Min(requests, cells.Length);
        var sent = new Task<bool>[count];
        for (var i = 0; i < count; i++)
        {
            var part = cells[(i * cells.Length / count)..((i + 1) * cells.Length / count)];
            sent[i] = store.AskAsync(Label.WriteCells, () =>
            {
                foreach (var write in part) write();
                return true;
            }, cancellation);
        }

        await Task.WhenAll(sent).ConfigureAwait(false);
    }
}
