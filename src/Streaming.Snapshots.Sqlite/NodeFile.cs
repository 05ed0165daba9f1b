using Microsoft.Data.Sqlite;

namespace Streaming.Snapshots.Sqlite;

/// <summary>The file of what belongs to no shard: named blobs, each at most 1 GB (SQLite's own limit). Written rarely, so every commit is synced.</summary>
internal sealed class NodeFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _read, _write;

    public NodeFile(string path, SqliteOptions options)
    {
        _connection = ShardFile.Open(path, ShardFile.NodeTables, options with { Synchronous = "full" }, cacheMiB: 2);
        ShardFile.Execute(_connection, "PRAGMA wal_autocheckpoint = 1000");
        _read = new(_connection, "SELECT bytes FROM blobs WHERE name = ?1");
        _write = new(_connection, "INSERT INTO blobs(name, bytes) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET bytes = excluded.bytes");
    }

    public byte[]? Read(string name)
    {
        if (!_read.Bind(1, name).Step()) return null;
        var bytes = _read.Blob(0);
        _read.Reset();
        return bytes;
    }

    public void Write(string name, ReadOnlySpan<byte> bytes) => _write.Bind(1, name).Bind(2, bytes).Run();

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _connection.Dispose();
    }
}
