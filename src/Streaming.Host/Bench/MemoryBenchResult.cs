namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench memory</c>: what the same population takes, measured on the heap after all of it was folded and flushed.</summary>
/// <param name="Users">Users that had an event.</param>
/// <param name="Events">Events folded.</param>
/// <param name="BytesPerUser">Heap bytes a user with the given number of objects and the others as rows: everything the shards hold for them, index and due entries included.</param>
/// <param name="ObjectUsers">Users kept as objects in that measurement.</param>
/// <param name="CompactUsers">Users kept as packed rows in it.</param>
/// <param name="BytesPerCompactUser">Bytes of a packed row with its share of chunks and index.</param>
/// <param name="BytesPerObjectUser">Heap bytes a user where all are objects; of at most 200,000 users, drawn alike.</param>
/// <param name="SmallShare">Share of users whose ring holds all their actions.</param>
/// <param name="RowBytesSmall">Mean row of such a user, bytes on disk.</param>
/// <param name="RowBytesLarge">Mean row of another user, who has vectors and interests of its own.</param>
/// <param name="RowBytes">Mean row of a user.</param>
public sealed record MemoryBenchResult(long Users, long Events, double BytesPerUser, long ObjectUsers, long CompactUsers, double BytesPerCompactUser, double BytesPerObjectUser,
    double SmallShare, double RowBytesSmall, double RowBytesLarge, double RowBytes)
{
    /// <summary>Memory of a million such users.</summary>
    public double GiBPerMillionUsers => BytesPerUser * 1_000_000 / (1L << 30);
}
