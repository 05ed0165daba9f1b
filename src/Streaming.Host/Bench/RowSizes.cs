using Streaming.Core.Snapshot;

namespace Streaming.Host.Bench;

/// <summary>A store that keeps of every row its length, and refuses to be asked for one: where all users fit, nobody reads rows again.</summary>
/// <param name="lengths">Length of each user's row, by its number; 0: none yet.</param>
internal sealed class RowSizes(int[] lengths) : IShardStore
{
    private StoredRow _shard;

    public ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => new(_shard);

    public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
    {
        foreach (var key in keys)
        {
            if (lengths[UserNumber.Of(key)] > 0) throw new InvalidOperationException("a user left memory: there is not room for all");
        }

        return new(new StoredRow[keys.Count]);
    }

    public ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation)
    {
        foreach (var row in batch.Rows) lengths[UserNumber.Of(row.Key)] = row.Length;
        if (!batch.ShardRow.IsEmpty) _shard = new StoredRow(batch.WriteTime, batch.ShardRow.ToArray());
        return default;
    }

    public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => new([]);

    public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => new((long?)null);

    public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => throw new InvalidOperationException("only lengths are kept");

    public ValueTask DisposeAsync() => default;
}
