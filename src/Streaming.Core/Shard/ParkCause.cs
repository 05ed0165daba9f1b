namespace Streaming.Core.Shard;

/// <summary>Why a profile is held back, and so what brings it back.</summary>
internal enum ParkCause
{
    /// <summary>The store did not answer, or not in time: read again.</summary>
    Away,
    /// <summary>The row is older than the last durable one, or missing: read again a few times, for another replica may know better; then as <see cref="Refused"/>.</summary>
    Stale,
    /// <summary>The bytes cannot be trusted: built anew from the beginning of the log.</summary>
    Refused,
    /// <summary>As <see cref="Refused"/>, but the log no longer reaches back: reported, and held back until the row can be read again or the user is erased.</summary>
    Lost,
}
