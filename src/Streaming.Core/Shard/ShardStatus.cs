namespace Streaming.Core.Shard;

/// <summary>Where a shard stands, for health, metrics and the page.</summary>
/// <param name="Phase">new, taking-over, replaying, running, handing-off, stopped or failed.</param>
/// <param name="Committed">Committed offsets C.</param>
/// <param name="Durable">Durable low-water mark R.</param>
/// <param name="LagEvents">Events between C and the end of the partition, as last seen.</param>
/// <param name="StreamTimeMs">Stream time, ms since 1970.</param>
/// <param name="ResidentUsers">Users in memory, as objects.</param>
/// <param name="DirtyUsers">Users whose row is behind their state.</param>
/// <param name="ParkedUsers">Users whose row could not be read.</param>
/// <param name="Error">Last error, without personal data; null where none.</param>
public sealed record ShardStatus(string Phase, ShardOffsets Committed, ShardOffsets Durable, long LagEvents, long StreamTimeMs,
    int ResidentUsers, int DirtyUsers, int ParkedUsers, string? Error)
{
    /// <summary>Names listed in <see cref="LostUsers"/> at most.</summary>
    public const int MaxLostNames = 20;

    /// <summary>Further users in memory, as packed rows.</summary>
    public int CompactUsers { get; init; }

    /// <summary>Bytes that those take.</summary>
    public long CompactBytes { get; init; }

    /// <summary>Due entries could not be read, or may not have been by the owner before, as is so until the first batch after a take-over: sessions that are over may wait for their end.</summary>
    public bool DefersDues { get; init; }

    /// <summary>How long the last take-over took, all and by step, in words and seconds; of one that is not over, at which step it is and for how long; empty before the first.</summary>
    public string TakeOver { get; init; } = "";

    /// <summary>Parked users whose row was refused and that the log no longer reaches back to: they wait for a readable row or their erase.</summary>
    public int LostUserCount { get; init; }

    /// <summary>Profile keys of the first of them.</summary>
    public IReadOnlyList<string> LostUsers { get; init; } = [];
}
