using Cassandra;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Every statement of the store, prepared once. Write times are bound to USING TIMESTAMP; nothing is written at the node's own clock.</summary>
internal sealed class CassandraStatements
{
    /// <summary>Cells are written by UPDATE: an INSERT would write a second thing, the row's own liveness.</summary>
    public required PreparedStatement WriteUser { get; init; }

    public required PreparedStatement ReadUsers { get; init; }

    public required PreparedStatement ScanUsers { get; init; }

    public required PreparedStatement WriteShard { get; init; }

    public required PreparedStatement ReadShard { get; init; }

    public required PreparedStatement WriteDue { get; init; }

    public required PreparedStatement ReadDue { get; init; }

    public required PreparedStatement ForgetDue { get; init; }

    public required PreparedStatement WriteBucket { get; init; }

    public required PreparedStatement ReadBuckets { get; init; }

    public required PreparedStatement ForgetBucket { get; init; }

    public required PreparedStatement ReadBlobHead { get; init; }

    public required PreparedStatement WriteBlobHead { get; init; }

    public required PreparedStatement CreateBlobHead { get; init; }

    public required PreparedStatement MoveBlobHead { get; init; }

    public required PreparedStatement ReadBlobChunk { get; init; }

    public required PreparedStatement ReadFirstChunks { get; init; }

    public required PreparedStatement WriteBlobChunk { get; init; }

    /// <summary>Prepares all of them.</summary>
    public static async Task<CassandraStatements> PrepareAsync(ISession session, string k) => new()
    {
        WriteUser = await session.PrepareAsync($"UPDATE {k}.users USING TIMESTAMP ? SET blob = ? WHERE shard = ? AND part = ? AND key = ?"),
        ReadUsers = await session.PrepareAsync($"SELECT key, blob, WRITETIME(blob) AS write_time FROM {k}.users WHERE shard = ? AND part = ? AND key IN ?"),
        ScanUsers = await session.PrepareAsync($"SELECT key, blob, WRITETIME(blob) AS write_time FROM {k}.users WHERE shard = ? AND part = ?"),
        WriteShard = await session.PrepareAsync($"UPDATE {k}.shards USING TIMESTAMP ? SET blob = ? WHERE shard = ?"),
        ReadShard = await session.PrepareAsync($"SELECT blob, WRITETIME(blob) AS write_time FROM {k}.shards WHERE shard = ?"),
        WriteDue = await session.PrepareAsync($"UPDATE {k}.due USING TIMESTAMP ? AND TTL ? SET due_ms = ? WHERE shard = ? AND bucket = ? AND key = ? AND kind = ?"),
        ReadDue = await session.PrepareAsync($"SELECT key, kind, due_ms, WRITETIME(due_ms) AS write_time FROM {k}.due WHERE shard = ? AND bucket = ?"),
        ForgetDue = await session.PrepareAsync($"DELETE FROM {k}.due USING TIMESTAMP ? WHERE shard = ? AND bucket = ?"),
        WriteBucket = await session.PrepareAsync($"UPDATE {k}.due_buckets USING TIMESTAMP ? SET mark = 1 WHERE shard = ? AND bucket = ?"),
        ReadBuckets = await session.PrepareAsync($"SELECT bucket, WRITETIME(mark) AS write_time FROM {k}.due_buckets WHERE shard = ? AND bucket >= ? AND bucket <= ?"),
        ForgetBucket = await session.PrepareAsync($"DELETE FROM {k}.due_buckets USING TIMESTAMP ? WHERE shard = ? AND bucket = ?"),
        ReadBlobHead = await session.PrepareAsync($"SELECT content, chunks FROM {k}.blob_heads WHERE name = ?"),
        WriteBlobHead = await session.PrepareAsync($"INSERT INTO {k}.blob_heads (name, content, chunks) VALUES (?, ?, ?)"),
        CreateBlobHead = await session.PrepareAsync($"INSERT INTO {k}.blob_heads (name, content, chunks) VALUES (?, ?, ?) IF NOT EXISTS"),
        MoveBlobHead = await session.PrepareAsync($"UPDATE {k}.blob_heads SET content = ?, chunks = ? WHERE name = ? IF content = ?"),
        ReadBlobChunk = await session.PrepareAsync($"SELECT bytes FROM {k}.blob_chunks WHERE content = ? AND chunk = ?"),
        ReadFirstChunks = await session.PrepareAsync($"SELECT content, bytes FROM {k}.blob_chunks WHERE content IN ? AND chunk = 0"),
        WriteBlobChunk = await session.PrepareAsync($"INSERT INTO {k}.blob_chunks (content, chunk, bytes) VALUES (?, ?, ?)"),
    };
}
