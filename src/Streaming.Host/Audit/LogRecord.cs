namespace Streaming.Host.Audit;

/// <summary>One committed record of a topic.</summary>
/// <param name="Offset">Offset in its partition.</param>
/// <param name="TimestampMs">The broker's timestamp, ms since 1970.</param>
/// <param name="IsAppendTime">True where the broker set it at append.</param>
/// <param name="Key">Key; null where it was null.</param>
/// <param name="Value">Value; null where it was null.</param>
public sealed record LogRecord(long Offset, long TimestampMs, bool IsAppendTime, byte[]? Key, byte[]? Value);
