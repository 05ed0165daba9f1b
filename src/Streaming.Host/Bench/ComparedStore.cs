using System.Diagnostics;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Bench;

/// <summary>A shard's rows that writes every flush twice, through the engine's store and with the bare driver, and takes the time of both: turn by turn, so that a busy machine slows both.</summary>
/// <param name="store">The engine's store.</param>
/// <param name="plain">The bare driver.</param>
/// <param name="copiesBack">True where the store goes on after its answer (SQLite copies its log back): an empty flush behind each one, which waits for that, counts with it.</param>
internal sealed class ComparedStore(IShardStore store, IPlainWriter plain, bool copiesBack) : IShardStore
{
    private long _flushes;

    /// <summary>Whether flushes count; they are written both ways all the same.</summary>
    public bool IsCounting { get; set; }

    /// <summary>Flushes counted.</summary>
    public long Flushes { get; private set; }

    /// <summary>Rows of those flushes.</summary>
    public long Rows { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Due entries written or removed with them; the bare driver writes none.</summary>
    public long DueEntries { get; private set; }

    /// <summary>Time of the engine's store.</summary>
    public TimeSpan StoreTime { get; private set; }

    /// <summary>Time of the bare driver.</summary>
    public TimeSpan PlainTime { get; private set; }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        if (batch.Rows.Count == 0)
        {
            await store.WriteAsync(batch, cancellation);
            return;
        }

        var rows = PlainRow.Of(batch);
        var plainFirst = _flushes % 2 == 1;
        var plainTime = plainFirst ? await TimeAsync(() => plain.WriteAsync(rows, cancellation)) : default;
        var storeTime = await TimeAsync(() => FlushAsync(batch, cancellation));
        if (!plainFirst) plainTime = await TimeAsync(() => plain.WriteAsync(rows, cancellation));
        _flushes++;
        if (!IsCounting) return;
        Flushes++;
        Rows += batch.Rows.Count;
        Bytes += batch.Rows.Sum(row => (long)row.Length);
        DueEntries += batch.DueUpserts.Count + batch.DueDeletes.Count;
        StoreTime += storeTime;
        PlainTime += plainTime;
    }

    /// <inheritdoc/>
    public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => store.ReadShardAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation) => store.ReadUsersAsync(keys, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => store.ReadDueAsync(fromBucket, toBucket, cancellation);

    /// <inheritdoc/>
    public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => store.ReadFirstDueBucketAsync(cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => store.ReadAllUsersAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async Task FlushAsync(FlushBatch batch, CancellationToken cancellation)
    {
        await store.WriteAsync(batch, cancellation);
        if (copiesBack) await store.WriteAsync(new FlushBatch { WriteTime = batch.WriteTime, Bytes = default, Rows = [], DueUpserts = [], DueDeletes = [], ShardRow = default }, cancellation);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(started);
    }
}
