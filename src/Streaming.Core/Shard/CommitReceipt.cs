namespace Streaming.Core.Shard;

/// <summary>Where a committed batch record landed.</summary>
/// <param name="ControlOffset">Offset of the transaction's record in <c>control</c>; -1 where it produced none.</param>
/// <param name="AppendTimeMs">The broker's append time of that record, ms since 1970; the shard's only notion of "now" (design rule 4.8).</param>
public readonly record struct CommitReceipt(long ControlOffset, long AppendTimeMs);
