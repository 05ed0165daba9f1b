namespace Streaming.Core.Snapshot;

/// <summary>A hint that a user wants attention at a time; verified against the row before anything happens (design rule 4.9).</summary>
/// <param name="Bucket">The time divided by the bucket width, floored.</param>
/// <param name="Key">Profile key.</param>
/// <param name="Kind">What is due.</param>
/// <param name="DueMs">When, ms of event time since 1970.</param>
/// <param name="WriteTime">Write time of the user's row that the entry was written with: an older row is a stale copy.</param>
public readonly record struct DueEntry(long Bucket, byte[] Key, DueKind Kind, long DueMs, long WriteTime);

/// <summary>What is due. Values are persisted.</summary>
public enum DueKind : byte
{
    /// <summary>The user's session may have ended.</summary>
    SessionEnd = 0,
    /// <summary>The user's churn risk may have crossed a threshold.</summary>
    ChurnCheck = 1,
}
