using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard.Allocation;

/// <summary>Rows that are written and never asked for again: only R is kept. Allocates nothing once R has its length.</summary>
internal sealed class ForgetfulStore : IShardStore
{
    private byte[] _shard = [];
    private long _writeTime;

    /// <summary>Rows taken.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes taken.</summary>
    public long Bytes { get; private set; }

    public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => new(new StoredRow(_writeTime, _writeTime == 0 ? null : _shard));

    public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation) => new(new StoredRow[keys.Count]);

    public ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        Rows += batch.Rows.Count;
        Bytes += batch.Bytes.Length;
        if (batch.ShardRow.IsEmpty) return default;
        if (_shard.Length != batch.ShardRow.Length) _shard = new byte[batch.ShardRow.Length];
        batch.ShardRow.CopyTo(_shard);
        _writeTime = batch.WriteTime;
        return default;
    }

    public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => new([]);

    public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => new((long?)null);

    public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => throw new InvalidOperationException("a shard never reads all users");

    public ValueTask DisposeAsync() => default;
}
