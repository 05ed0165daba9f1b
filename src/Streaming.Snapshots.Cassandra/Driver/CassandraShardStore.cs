using System.Diagnostics;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Cassandra;

/// <summary>The rows of one shard.</summary>
internal sealed class CassandraShardStore(int shard, CassandraContext context) : IShardStore
{
    private readonly CassandraUsers _users = new(shard, context);
    private readonly CassandraDueIndex _due = new(shard, context);

    public async ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation)
    {
        var rows = await context.Requests.SendAsync(context.Statements.ReadShard.Bind(shard), cancellation);
        return rows.SingleOrDefault() is { } row ? new StoredRow(row.GetValue<long>("write_time"), row.GetValue<byte[]>("blob")) : default;
    }

    public async ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var rows = await _users.ReadAsync(keys, cancellation);
        context.Meter.Read(rows.Length, Stopwatch.GetElapsedTime(start));
        return rows;
    }

    /// <summary>
    /// 1. due entries that come, 2. rows, 3. due entries that go, 4. R. A replay skips what a row already holds, so a row must never be durable before the
    /// entry that its events caused, and an entry must outlive the row that still needs it. A flush cut short leaves entries too many, which are hints, and R where it was.
    /// </summary>
    public async ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await _due.UpsertAsync(batch, cancellation);
#if CRASH_POINTS
        await Task.Yield(); // who stands here would keep the driver's thread, and every shard's answers with it
#endif
        CrashPoint.Hit("A8-due-entries-written");
        await _users.WriteAsync(batch, cancellation);
        await _due.DeleteAsync(batch, cancellation);
#if CRASH_POINTS
        await Task.Yield(); // who stands here would keep the driver's thread, and every shard's answers with it
#endif
        CrashPoint.Hit("A9-rows-written");
        // Without one R stays where it is: a new shard with a profile held back has none yet, and an empty one would not be read as none.
        if (!batch.ShardRow.IsEmpty) await context.Requests.SendAsync(context.Statements.WriteShard.Bind(batch.WriteTime, batch.ShardRow.ToArray(), shard), cancellation);
        context.Meter.Written(batch.Rows.Count, batch.Bytes.Length, Stopwatch.GetElapsedTime(start));
    }

    public async ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) =>
        await _due.ReadAsync(fromBucket, toBucket, cancellation);

    public async ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => await _due.FirstBucketAsync(cancellation);

    public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => _users.ScanAsync(cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
