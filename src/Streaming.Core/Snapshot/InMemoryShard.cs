using Streaming.Core.Events;

namespace Streaming.Core.Snapshot;

/// <summary>The rows of one shard in memory; every call is atomic.</summary>
internal sealed class InMemoryShard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UserKey, StoredRow> _users = [];
    private readonly SortedDictionary<DueKey, DueEntry> _due = [];
    private StoredRow _shard;

    public StoredRow ReadShard()
    {
        lock (_gate) return _shard;
    }

    public StoredRow[] ReadUsers(IReadOnlyList<byte[]> keys)
    {
        var rows = new StoredRow[keys.Count];
        lock (_gate)
        {
            for (var i = 0; i < rows.Length; i++) _users.TryGetValue(new UserKey(keys[i]), out rows[i]);
        }

        return rows;
    }

    public void Write(FlushBatch batch)
    {
        lock (_gate)
        {
            foreach (var entry in batch.DueUpserts) Upsert(entry);
            foreach (var row in batch.Rows) Upsert(new UserKey(row.Key), batch.Bytes.Slice(row.Start, row.Length), batch.WriteTime);
            foreach (var entry in batch.DueDeletes) Delete(entry, batch.WriteTime);
            if (!batch.ShardRow.IsEmpty && Wins(batch.WriteTime, _shard)) _shard = new StoredRow(batch.WriteTime, batch.ShardRow.ToArray());
        }
    }

    public IReadOnlyList<DueEntry> ReadDue(long fromBucket, long toBucket)
    {
        lock (_gate) return [.. _due.Values.Where(e => e.Bucket >= fromBucket && e.Bucket <= toBucket)];
    }

    public long? ReadFirstDueBucket()
    {
        lock (_gate) return _due.Count == 0 ? null : _due.First().Key.Bucket;
    }

    public StoredUser[] ReadAllUsers()
    {
        lock (_gate) return [.. _users.OrderBy(u => u.Key).Select(u => new StoredUser(u.Key.Bytes, u.Value.WriteTime, u.Value.Blob!))];
    }

    private static bool Wins(long writeTime, StoredRow stored) => stored.Blob is null || writeTime > stored.WriteTime;

    private void Upsert(UserKey key, ReadOnlyMemory<byte> blob, long writeTime)
    {
        if (!_users.TryGetValue(key, out var stored) || Wins(writeTime, stored)) _users[key] = new StoredRow(writeTime, blob.ToArray());
    }

    private void Upsert(DueEntry entry)
    {
        var key = new DueKey(entry);
        if (!_due.TryGetValue(key, out var stored) || entry.WriteTime > stored.WriteTime) _due[key] = entry;
    }

    private void Delete(DueEntry entry, long writeTime)
    {
        var key = new DueKey(entry);
        if (_due.TryGetValue(key, out var stored) && writeTime >= stored.WriteTime) _due.Remove(key);
    }

    private readonly record struct DueKey(long Bucket, UserKey User, DueKind Kind) : IComparable<DueKey>
    {
        public DueKey(DueEntry entry) : this(entry.Bucket, new UserKey(entry.Key), entry.Kind) { }

        public int CompareTo(DueKey other)
        {
            var order = Bucket.CompareTo(other.Bucket);
            if (order == 0) order = User.CompareTo(other.User);
            return order == 0 ? Kind.CompareTo(other.Kind) : order;
        }
    }
}
