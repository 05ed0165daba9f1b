namespace Streaming.Core.Shard;

/// <summary>The group's committed offsets as a take-over found them.</summary>
/// <param name="Offsets">C; where a commit hangs, what it was before: a lower bound.</param>
/// <param name="IsHanging">True where a commit of newer ones hangs.</param>
internal readonly record struct FoundOffsets(ShardOffsets Offsets, bool IsHanging);
