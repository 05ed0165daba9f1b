using System.Diagnostics;
using System.Runtime.CompilerServices;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Sqlite;

/// <summary>The rows of one shard in one SQLite file: a thread that writes and one that reads, each with its connection.</summary>
internal sealed class SqliteShardStore(string path, SqliteOptions options, StoreMeter meter) : IShardStore
{
    private readonly SqliteWorker<ShardWriter> _writer =
        new($"store write {Path.GetFileName(path)}", path, options.QueueCalls, () => new ShardWriter(path, options));
    private readonly SqliteWorker<ShardReader> _reader =
        new($"store read {Path.GetFileName(path)}", path, options.QueueCalls, () => new ShardReader(path, options));

    public async ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) =>
        await Counted(_reader.RunAsync(static r => r.Shard(), cancellation));

    public async ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var rows = await Counted(_reader.RunAsync(r => r.Users(keys), cancellation));
        meter.Read(rows.Length, Stopwatch.GetElapsedTime(start));
        return rows;
    }

    public async ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await Counted(_writer.RunAsync(
            writer =>
            {
                writer.Write(batch);
                return true;
            },
            cancellation,
            static writer => writer.CheckpointIfDue()));
        meter.Written(batch.Rows.Count, batch.Bytes.Length, Stopwatch.GetElapsedTime(start));
    }

    public async ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) =>
        await Counted(_reader.RunAsync(r => r.Due(fromBucket, toBucket), cancellation));

    public async ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) =>
        await Counted(_reader.RunAsync(static r => r.FirstBucket(), cancellation));

    public async IAsyncEnumerable<StoredUser> ReadAllUsersAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        byte[]? after = null;
        while (true)
        {
            var last = after;
            var page = await Counted(_reader.RunAsync(r => r.Scan(last), cancellation));
            foreach (var user in page) yield return user;
            if (page.Count < options.ScanRows) yield break;
            after = page[^1].Key;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private async Task<T> Counted<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Core.Errors.EngineException)
        {
            meter.Failed();
            throw;
        }
    }
}
