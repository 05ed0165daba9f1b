using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Cassandra;

/// <summary>
/// The due entries of one shard: a partition a bucket, and a directory of the buckets. An entry is removed by a marker that lives for
/// <see cref="MarkerSeconds"/>, not by a deletion: a bucket whose entries all moved on would otherwise be a hundred thousand tombstones, at which Cassandra
/// refuses to read it.
/// </summary>
internal sealed class CassandraDueIndex(int shard, CassandraContext context)
{
    /// <summary>Value of <c>due_ms</c> that says: removed. It is no time that an entry can have.</summary>
    private const long Removed = long.MinValue;

    /// <summary>Ten days, as long as Cassandra keeps its own tombstones by default: a late writer's older entry loses for that long.</summary>
    private const int MarkerSeconds = 864_000;

    private const int RowsAPage = 1000;

    /// <summary>Flushes between two looks for buckets that have become empty, and buckets cleared at one look.</summary>
    private const int FlushesASweep = 64, BucketsASweep = 8;

    private int _flushes;

    /// <summary>Writes entries, and after them their buckets: a bucket in the directory at a write time has all its entries of that time. A renewed entry may carry an older time than its bucket: it replaces one that is there, so that no clearing of empty buckets meets it.</summary>
    public async Task UpsertAsync(FlushBatch batch, CancellationToken cancellation)
    {
        await WriteAsync(batch.DueUpserts, batch.WriteTime, false, cancellation);
        await context.Requests.ForEachAsync(
            batch.DueUpserts.Select(e => e.Bucket).Distinct(),
            async (bucket, stop) => await context.Requests.SendAsync(context.Statements.WriteBucket.Bind(batch.WriteTime, shard, bucket), stop),
            cancellation);
    }

    /// <summary>Removes entries; now and then also the buckets at the front that have none left.</summary>
    public async Task DeleteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        await WriteAsync(batch.DueDeletes, batch.WriteTime, true, cancellation);
        if (++_flushes % FlushesASweep == 0) await FirstLiveAsync(BucketsASweep, cancellation);
    }

    /// <summary>Entries of the buckets [from, to], by bucket, key and kind.</summary>
    public async Task<List<DueEntry>> ReadAsync(long fromBucket, long toBucket, CancellationToken cancellation)
    {
        var buckets = new List<long>();
        var directory = Buckets(fromBucket, toBucket);
        while (await directory.MoveAsync(cancellation)) buckets.Add(directory.Current!.GetValue<long>("bucket"));
        var read = new List<DueEntry>[buckets.Count];
        await context.Requests.ForEachAsync(
            Enumerable.Range(0, read.Length),
            async (i, stop) => read[i] = await LiveAsync(buckets[i], int.MaxValue, stop),
            cancellation);
        return [.. read.SelectMany(entries => entries)];
    }

    /// <summary>Lowest bucket with an entry, or null.</summary>
    public Task<long?> FirstBucketAsync(CancellationToken cancellation) => FirstLiveAsync(int.MaxValue, cancellation);

    // Clears the empty buckets on its way. Both deletions carry the directory's write time: what a newer flush writes there survives them.
    private async Task<long?> FirstLiveAsync(int atMost, CancellationToken cancellation)
    {
        var directory = Buckets(long.MinValue, long.MaxValue);
        for (var cleared = 0; cleared < atMost && await directory.MoveAsync(cancellation); cleared++)
        {
            var bucket = directory.Current!.GetValue<long>("bucket");
            var writeTime = directory.Current.GetValue<long>("write_time");
            if ((await LiveAsync(bucket, 1, cancellation)).Count > 0) return bucket;
            await context.Requests.SendAsync(context.Statements.ForgetDue.Bind(writeTime, shard, bucket), cancellation);
            await context.Requests.SendAsync(context.Statements.ForgetBucket.Bind(writeTime, shard, bucket), cancellation);
        }

        return null;
    }

    private async Task<List<DueEntry>> LiveAsync(long bucket, int atMost, CancellationToken cancellation)
    {
        var live = new List<DueEntry>();
        var entries = new RowCursor(context.Requests, () => context.Statements.ReadDue.Bind(shard, bucket), RowsAPage);
        while (live.Count < atMost && await entries.MoveAsync(cancellation))
        {
            var row = entries.Current!;
            if (row.GetValue<long>("due_ms") is var dueMs && dueMs == Removed) continue;
            live.Add(new DueEntry(bucket, row.GetValue<byte[]>("key"), (DueKind)row.GetValue<sbyte>("kind"), dueMs, row.GetValue<long>("write_time")));
        }

        return live;
    }

    private RowCursor Buckets(long from, long to) => new(context.Requests, () => context.Statements.ReadBuckets.Bind(shard, from, to), RowsAPage);

    private Task WriteAsync(IReadOnlyList<DueEntry> entries, long writeTime, bool removed, CancellationToken cancellation) =>
        context.Requests.ForEachAsync(
            entries.GroupBy(e => e.Bucket).SelectMany(bucket => bucket.Chunk(EntriesABatch)),
            async (chunk, stop) => await context.Requests.SendAsync(Statement(chunk, writeTime, removed), stop),
            cancellation);

    private const int EntriesABatch = 256;

    private global::Cassandra.IStatement Statement(DueEntry[] entries, long writeTime, bool removed)
    {
        var bound = entries.Select(e => context.Statements.WriteDue.Bind(
            removed ? writeTime : e.WriteTime, removed ? MarkerSeconds : 0, removed ? Removed : e.DueMs, shard, e.Bucket, e.Key, (sbyte)e.Kind)).ToArray();
        if (bound.Length == 1) return bound[0];
        var batch = new global::Cassandra.BatchStatement().SetBatchType(global::Cassandra.BatchType.Unlogged);
        foreach (var statement in bound) batch.Add(statement);
        return batch;
    }
}
