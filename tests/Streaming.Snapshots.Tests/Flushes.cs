using System.Buffers;
using System.Text;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Tests;

/// <summary>Builds flushes from plain values.</summary>
internal sealed class Flushes(long writeTime)
{
    private readonly List<FlushRow> _rows = [];
    private readonly List<DueEntry> _upserts = [], _deletes = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public static byte[] Key(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(StoredRow row) => row.Blob is null ? "-" : $"{Encoding.UTF8.GetString(row.Blob)}@{row.WriteTime}";

    public Flushes Row(string key, string blob) => Row(Key(key), Bytes(blob));

    public Flushes Row(byte[] key, byte[] blob)
    {
        _rows.Add(new FlushRow(key, _bytes.WrittenCount, blob.Length));
        _bytes.Write(blob);
        return this;
    }

    public Flushes Due(long bucket, string key, DueKind kind, long dueMs)
    {
        _upserts.Add(new DueEntry(bucket, Key(key), kind, dueMs, writeTime));
        return this;
    }

    /// <summary>An entry that carries the write time of an earlier flush: that of its user's row.</summary>
    public Flushes Due(long bucket, string key, DueKind kind, long dueMs, long rowWriteTime)
    {
        _upserts.Add(new DueEntry(bucket, Key(key), kind, dueMs, rowWriteTime));
        return this;
    }

    public Flushes NotDue(long bucket, string key, DueKind kind)
    {
        _deletes.Add(new DueEntry(bucket, Key(key), kind, 0, writeTime));
        return this;
    }

    /// <summary>Without the shard's row, as while a profile is held back.</summary>
    public FlushBatch BuildWithoutShardRow() => new() { WriteTime = writeTime, Bytes = _bytes.WrittenMemory, Rows = _rows, DueUpserts = _upserts, DueDeletes = _deletes, ShardRow = default };

    public FlushBatch Build(string shardRow = "") => new()
    {
        WriteTime = writeTime,
        Bytes = _bytes.WrittenMemory,
        Rows = _rows,
        DueUpserts = _upserts,
        DueDeletes = _deletes,
        ShardRow = Bytes(shardRow.Length == 0 ? $"R{writeTime}" : shardRow),
    };
}
