namespace Streaming.Core.Snapshot;

/// <summary>Everything one flush writes: rows as they stood at one batch boundary, due entries, and afterwards the shard's row R. Not changed until the write has ended; what it is made of is used again after that.</summary>
public sealed class FlushBatch
{
    /// <summary>Write time of every row, tombstone, removal of a due entry and of R.</summary>
    public required long WriteTime { get; init; }

    /// <summary>Bytes of all rows, end to end.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The rows: key and place in <see cref="Bytes"/>.</summary>
    public required IReadOnlyList<FlushRow> Rows { get; init; }

    /// <summary>Due entries to write, each with its own write time: that of its user's row, which may have been written by an earlier flush.</summary>
    public required IReadOnlyList<DueEntry> DueUpserts { get; init; }

    /// <summary>Due entries to remove (same bucket, key and kind).</summary>
    public required IReadOnlyList<DueEntry> DueDeletes { get; init; }

    /// <summary>The shard's row: written only after all of the above is durable. Empty: R stays where it is (a profile is held back below it).</summary>
    public required ReadOnlyMemory<byte> ShardRow { get; init; }
}

/// <summary>One row of a <see cref="FlushBatch"/>.</summary>
/// <param name="Key">Profile key.</param>
/// <param name="Start">First byte in <see cref="FlushBatch.Bytes"/>.</param>
/// <param name="Length">Number of bytes.</param>
public readonly record struct FlushRow(byte[] Key, int Start, int Length);
