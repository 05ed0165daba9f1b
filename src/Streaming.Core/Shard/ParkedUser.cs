namespace Streaming.Core.Shard;

/// <summary>A profile held back.</summary>
/// <param name="cause">Why.</param>
internal sealed class ParkedUser(ParkCause cause)
{
    /// <summary>Why, as known now.</summary>
    public ParkCause Cause { get; set; } = cause;

    /// <summary>Reads that gave a stale row.</summary>
    public int StaleReads { get; set; } = cause == ParkCause.Stale ? 1 : 0;

    /// <summary>Timestamp of the last try; 0 before the first.</summary>
    public long TriedAt { get; set; }

    /// <summary>An erase of the user was held back: from it on no earlier state is needed.</summary>
    public bool IsErased { get; set; }

    /// <summary>Notes what another read gave. A profile that is lost stays so until a read succeeds.</summary>
    /// <param name="now">Why the row was unreadable this time.</param>
    /// <param name="maxStaleReads">Reads after which a stale row is taken for the only one there is.</param>
    public void Unreadable(ParkCause now, int maxStaleReads)
    {
        if (Cause == ParkCause.Lost || now == ParkCause.Away) return;
        if (now != Cause) ShardMetrics.Refused(now);
        Cause = now;
        if (now == ParkCause.Stale && ++StaleReads >= maxStaleReads) Cause = ParkCause.Refused;
    }
}
