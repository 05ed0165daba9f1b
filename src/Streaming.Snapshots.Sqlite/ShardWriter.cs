using Microsoft.Data.Sqlite;
using SQLitePCL;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Sqlite;

/// <summary>The writing connection of a shard's file. Used by one thread.</summary>
internal sealed class ShardWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _upsertUser, _upsertDue, _deleteDue, _upsertShard;
    private readonly long _checkpointPages;
    private long _pagesSinceCheckpoint;
    private int[] _order = [];
    private byte[][] _keys = [];

    public ShardWriter(string path, SqliteOptions options)
    {
        _connection = ShardFile.Open(path, ShardFile.ShardTables, options, options.CacheMiB);
        _checkpointPages = Math.Max(1, options.CheckpointMiB * 1024L * 1024 / options.PageBytes);
        ShardFile.Execute(_connection, $"PRAGMA journal_size_limit = {options.CheckpointMiB * 1024L * 1024}");
        _upsertUser = new(_connection, """
            INSERT INTO users(key, write_time, blob) VALUES (?1, ?2, ?3)
            ON CONFLICT(key) DO UPDATE SET write_time = excluded.write_time, blob = excluded.blob WHERE excluded.write_time > write_time
            """);
        _upsertDue = new(_connection, """
            INSERT INTO due(bucket, key, kind, due_ms, write_time) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(bucket, key, kind) DO UPDATE SET due_ms = excluded.due_ms, write_time = excluded.write_time WHERE excluded.write_time > write_time
            """);
        _deleteDue = new(_connection, "DELETE FROM due WHERE bucket = ?1 AND key = ?2 AND kind = ?3 AND write_time <= ?4");
        _upsertShard = new(_connection, """
            INSERT INTO shard(id, write_time, blob) VALUES (0, ?1, ?2)
            ON CONFLICT(id) DO UPDATE SET write_time = excluded.write_time, blob = excluded.blob WHERE excluded.write_time > write_time
            """);
    }

    /// <summary>Writes the flush as one transaction: all of it is durable with R, or none.</summary>
    public void Write(FlushBatch batch)
    {
        CrashPoint.HitWhere(batch.Rows.Count > 0, "A8-flush-begun");
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var entry in batch.DueUpserts)
            _upsertDue.Bind(1, entry.Bucket).Bind(2, entry.Key).Bind(3, (long)entry.Kind).Bind(4, entry.DueMs).Bind(5, entry.WriteTime).Run();
        WriteRows(batch);
        foreach (var entry in batch.DueDeletes)
            _deleteDue.Bind(1, entry.Bucket).Bind(2, entry.Key).Bind(3, (long)entry.Kind).Bind(4, batch.WriteTime).Run();
        CrashPoint.Hit("A9-rows-written");
        if (!batch.ShardRow.IsEmpty) _upsertShard.Bind(1, batch.WriteTime).Bind(2, batch.ShardRow.Span).Run();
        transaction.Commit();
    }

    /// <summary>Copies the log into the file where it has grown enough. It waits for nobody: what a reader still needs is left for the next time.</summary>
    public void CheckpointIfDue()
    {
        raw.sqlite3_db_status(_connection.Handle!, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        _pagesSinceCheckpoint += pages;
        if (_pagesSinceCheckpoint < _checkpointPages) return;
        _pagesSinceCheckpoint = 0;
        ShardFile.Execute(_connection, "PRAGMA wal_checkpoint(PASSIVE)");
    }

    public void Dispose()
    {
        _upsertUser.Dispose();
        _upsertDue.Dispose();
        _deleteDue.Dispose();
        _upsertShard.Dispose();
        _connection.Dispose();
    }

    // In key order neighbours of the index are written together: twice as fast as random order once the index outgrows the cache.
    private void WriteRows(FlushBatch batch)
    {
        var count = batch.Rows.Count;
        if (_order.Length < count) (_order, _keys) = (new int[Math.Max(count, _order.Length * 2)], new byte[Math.Max(count, _order.Length * 2)][]);
        for (var i = 0; i < count; i++) (_order[i], _keys[i]) = (i, batch.Rows[i].Key);
        Array.Sort(_keys, _order, 0, count, KeyOrder.Instance);
        Array.Clear(_keys, 0, count);
        foreach (var index in _order.AsSpan(0, count))
        {
            var row = batch.Rows[index];
            _upsertUser.Bind(1, row.Key).Bind(2, batch.WriteTime).Bind(3, batch.Bytes.Span.Slice(row.Start, row.Length)).Run();
            CrashPoint.Hit("A8-row-written");
            CrashPoint.HitWhereErased(batch, [row], "A15-tombstone-written");
        }
    }
}
