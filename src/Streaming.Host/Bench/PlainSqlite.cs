using System.Globalization;
using Microsoft.Data.Sqlite;
using Streaming.Core.Errors;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>
/// SQLite by its bare driver: prepared commands, one transaction a batch, keys in order (the faster way, which the engine's store goes too), and the pragmas of that store. The log is copied back by SQLite
/// itself, within the commit, at the size at which that store copies it back.
/// </summary>
internal sealed class PlainSqlite : IPlainWriter
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _upsert, _select;
    private long _writeTime;

    /// <summary>Opens a file: a new one, or one of the engine's store, whose table of users has the same shape.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Settings of the engine's store.</param>
    /// <param name="writeTime">Write time of the first batch; each further one's is higher.</param>
    public PlainSqlite(string file, SqliteOptions options, long writeTime = 1)
    {
        _writeTime = writeTime;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        Execute($"PRAGMA page_size = {Text(options.PageBytes)}");
        Execute("PRAGMA journal_mode = WAL");
        Execute($"PRAGMA synchronous = {options.Synchronous}");
        Execute($"PRAGMA cache_size = -{Text(options.CacheMiB * 1024L)}");
        Execute($"PRAGMA wal_autocheckpoint = {Text(options.CheckpointMiB * 1024L * 1024 / options.PageBytes)}");
        Execute("CREATE TABLE IF NOT EXISTS users(key BLOB NOT NULL UNIQUE, write_time INTEGER NOT NULL, blob BLOB NOT NULL)");
        _upsert = Command("INSERT INTO users(key, write_time, blob) VALUES ($key, $time, $blob) ON CONFLICT(key) DO UPDATE SET write_time = excluded.write_time, blob = excluded.blob", "$key", "$time", "$blob");
        _select = Command("SELECT write_time, blob FROM users WHERE key = $key", "$key");
    }

    /// <summary>Reads rows by key, within one transaction; a key without a row is an error.</summary>
    public PlainRow[] Read(byte[][] keys)
    {
        Array.Sort(keys, Compare);
        var rows = new PlainRow[keys.Length];
        using var transaction = _connection.BeginTransaction(deferred: true);
        _select.Transaction = transaction;
        for (var i = 0; i < keys.Length; i++)
        {
            _select.Parameters[0].Value = keys[i];
            using var reader = _select.ExecuteReader();
            if (!reader.Read()) throw new CorruptRowException("a row that the shard read is not in its file");
            rows[i] = new PlainRow(keys[i], reader.GetFieldValue<byte[]>(1));
        }

        transaction.Commit();
        return rows;
    }

    /// <summary>Writes rows, within one transaction.</summary>
    public void Write(PlainRow[] rows)
    {
        Array.Sort(rows, (x, y) => Compare(x.Key, y.Key));
        using var transaction = _connection.BeginTransaction(deferred: false);
        _upsert.Transaction = transaction;
        _upsert.Parameters[1].Value = _writeTime++;
        foreach (var row in rows)
        {
            _upsert.Parameters[0].Value = row.Key;
            _upsert.Parameters[2].Value = row.Blob;
            _upsert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <inheritdoc/>
    public Task WriteAsync(PlainRow[] rows, CancellationToken cancellation) => Task.Run(() => Write(rows), cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _upsert.Dispose();
        _select.Dispose();
        _connection.Dispose();
        return default;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this class's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters) command.Parameters.AddWithValue(name, DBNull.Value);
        command.Prepare();
        return command;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private static int Compare(byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
