using Microsoft.Data.Sqlite;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Sqlite;

/// <summary>The reading connection of a shard's file: beside the writer, so that a long flush holds up no bulk read. Used by one thread.</summary>
internal sealed class ShardReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _user, _shard, _due, _firstBucket, _first, _next;
    private readonly int _scanRows;

    public ShardReader(string path, SqliteOptions options)
    {
        _connection = ShardFile.Open(path, ShardFile.ShardTables, options, Math.Max(1, options.CacheMiB / 4));
        _scanRows = options.ScanRows;
        _user = new(_connection, "SELECT write_time, blob FROM users WHERE key = ?1");
        _shard = new(_connection, "SELECT write_time, blob FROM shard WHERE id = 0");
        _due = new(_connection, "SELECT bucket, key, kind, due_ms, write_time FROM due WHERE bucket BETWEEN ?1 AND ?2 ORDER BY bucket, key, kind");
        _firstBucket = new(_connection, "SELECT bucket FROM due ORDER BY bucket LIMIT 1");
        _first = new(_connection, "SELECT key, write_time, blob FROM users ORDER BY key LIMIT ?1");
        _next = new(_connection, "SELECT key, write_time, blob FROM users WHERE key > ?2 ORDER BY key LIMIT ?1");
    }

    public StoredRow Shard() => One(_shard);

    /// <summary>
    /// One look-up a key, in key order, inside one read transaction. In the process a look-up costs a few microseconds; an IN list or a
    /// temporary table saves nothing and sorts once more.
    /// </summary>
    public StoredRow[] Users(IReadOnlyList<byte[]> keys)
    {
        var rows = new StoredRow[keys.Count];
        var order = new int[rows.Length];
        var sorted = new byte[rows.Length][];
        for (var i = 0; i < rows.Length; i++) (order[i], sorted[i]) = (i, keys[i]);
        Array.Sort(sorted, order, KeyOrder.Instance);
        using var transaction = _connection.BeginTransaction(deferred: true);
        for (var i = 0; i < rows.Length; i++) rows[order[i]] = One(_user.Bind(1, sorted[i]));
        transaction.Commit();
        return rows;
    }

    public IReadOnlyList<DueEntry> Due(long fromBucket, long toBucket)
    {
        var entries = new List<DueEntry>();
        _due.Bind(1, fromBucket).Bind(2, toBucket);
        while (_due.Step()) entries.Add(new DueEntry(_due.Int64(0), _due.Blob(1), (DueKind)_due.Int64(2), _due.Int64(3), _due.Int64(4)));
        return entries;
    }

    public long? FirstBucket()
    {
        if (!_firstBucket.Step()) return null;
        var bucket = _firstBucket.Int64(0);
        _firstBucket.Reset();
        return bucket;
    }

    /// <summary>The next users in key order after a key, or the first ones; fewer than the page size at the end.</summary>
    public List<StoredUser> Scan(byte[]? after)
    {
        var page = new List<StoredUser>(_scanRows);
        var statement = after is null ? _first : _next.Bind(2, after);
        statement.Bind(1, _scanRows);
        while (statement.Step()) page.Add(new StoredUser(statement.Blob(0), statement.Int64(1), statement.Blob(2)));
        return page;
    }

    public void Dispose()
    {
        _user.Dispose();
        _shard.Dispose();
        _due.Dispose();
        _firstBucket.Dispose();
        _first.Dispose();
        _next.Dispose();
        _connection.Dispose();
    }

    private static StoredRow One(Statement statement)
    {
        if (!statement.Step()) return default;
        var row = new StoredRow(statement.Int64(0), statement.Blob(1));
        statement.Reset();
        return row;
    }
}
