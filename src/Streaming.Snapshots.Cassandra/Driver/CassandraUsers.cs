using System.Runtime.CompilerServices;
using Cassandra;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Cassandra;

/// <summary>The user rows of one shard.</summary>
internal sealed class CassandraUsers(int shard, CassandraContext context)
{
    /// <summary>Keys asked for in one request; the answer is one page.</summary>
    private const int KeysARead = 64;

    /// <summary>Rows of each part held at once while all users are merged into key order.</summary>
    private const int RowsAPage = 64;

    private static readonly IComparer<byte[]> KeyOrder = Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));

    /// <summary>Rows of one part go out together: one request, one log entry and no coordinator's batch log, since they share a partition.</summary>
    public Task WriteAsync(FlushBatch batch, CancellationToken cancellation) =>
        context.Requests.ForEachAsync(
            Requests(batch),
            async (rows, stop) =>
            {
                await context.Requests.SendAsync(Statement(batch, rows), stop);
                CrashPoint.Hit("A8-row-written");
                CrashPoint.HitWhereErased(batch, rows, "A15-tombstone-written");
            },
            cancellation);

    public async Task<StoredRow[]> ReadAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation)
    {
        var answer = new StoredRow[keys.Count];
        var places = new Dictionary<byte[], List<int>>(keys.Count, ByteComparer.Instance);
        for (var i = 0; i < answer.Length; i++)
        {
            if (!places.TryGetValue(keys[i], out var list)) places.Add(keys[i], list = []);
            list.Add(i);
        }

        var asked = places.Keys.GroupBy(key => CassandraSchema.PartOf(key)).SelectMany(part => part.Chunk(KeysARead), (part, chunk) => (Part: part.Key, Keys: chunk));
        await context.Requests.ForEachAsync(
            asked,
            async (request, stop) =>
            {
                var statement = context.Statements.ReadUsers.Bind(shard, request.Part, request.Keys);
                foreach (var row in await context.Requests.SendAsync(statement, stop))
                {
                    var stored = new StoredRow(row.GetValue<long>("write_time"), row.GetValue<byte[]>("blob"));
                    foreach (var place in places[row.GetValue<byte[]>("key")]) answer[place] = stored;
                }
            },
            cancellation);
        return answer;
    }

    /// <summary>Merges the parts, each of which Cassandra keeps in key order.</summary>
    public async IAsyncEnumerable<StoredUser> ScanAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var parts = Enumerable.Range(0, CassandraSchema.Parts).Select(NewCursor).ToArray();
        await context.Requests.ForEachAsync(parts, async (cursor, stop) => await cursor.MoveAsync(stop), cancellation);
        var heads = new PriorityQueue<RowCursor, byte[]>(KeyOrder);
        foreach (var cursor in parts.Where(c => c.Current is not null)) heads.Enqueue(cursor, cursor.Current!.GetValue<byte[]>("key"));
        while (heads.TryDequeue(out var cursor, out var key))
        {
            yield return new StoredUser(key, cursor.Current!.GetValue<long>("write_time"), cursor.Current.GetValue<byte[]>("blob"));
            if (await cursor.MoveAsync(cancellation)) heads.Enqueue(cursor, cursor.Current!.GetValue<byte[]>("key"));
        }

        RowCursor NewCursor(int part) => new(context.Requests, () => context.Statements.ScanUsers.Bind(shard, part), RowsAPage);
    }

    private IEnumerable<List<FlushRow>> Requests(FlushBatch batch)
    {
        if (context.Options.BatchBytes == 0) return batch.Rows.Select(row => new List<FlushRow> { row });
        return batch.Rows.GroupBy(row => CassandraSchema.PartOf(row.Key)).SelectMany(Packed);
    }

    private IEnumerable<List<FlushRow>> Packed(IEnumerable<FlushRow> part)
    {
        var (rows, bytes) = (new List<FlushRow>(), 0);
        foreach (var row in part)
        {
            if (rows.Count > 0 && bytes + row.Length > context.Options.BatchBytes)
            {
                yield return rows;
                (rows, bytes) = ([], 0);
            }

            rows.Add(row);
            bytes += row.Length;
        }

        if (rows.Count > 0) yield return rows;
    }

    private IStatement Statement(FlushBatch batch, List<FlushRow> rows)
    {
        if (rows.Count == 1) return Bound(batch, rows[0]);
        var statement = new BatchStatement().SetBatchType(BatchType.Unlogged);
        foreach (var row in rows) statement.Add(Bound(batch, row));
        return statement;
    }

    private BoundStatement Bound(FlushBatch batch, FlushRow row) =>
        context.Statements.WriteUser.Bind(batch.WriteTime, batch.Bytes.Slice(row.Start, row.Length).ToArray(), shard, CassandraSchema.PartOf(row.Key), row.Key);
}
