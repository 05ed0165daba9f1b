namespace Streaming.Core.Shard;

/// <summary>The group's committed offsets as a take-over found them.</summary>
/// <param name="Group">C; where a commit hangs, what it was before: a lower bound.</param>
/// <param name="IsHanging">True where a commit of newer ones hangs.</param>
internal readonly record struct FoundOffsets(GroupOffsets Group, bool IsHanging)
{
    /// <summary>The offsets.</summary>
    public ShardOffsets Offsets => Group.Offsets;
}
