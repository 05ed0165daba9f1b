namespace Streaming.Core.Shard;

/// <summary>Next offset to read of each input. -1: the group never committed one.</summary>
/// <param name="Events">Next offset of <c>events</c>.</param>
/// <param name="Links">Next offset of <c>links</c>.</param>
/// <param name="Control">Next offset of <c>control</c> whose requests are not applied yet.</param>
public readonly record struct ShardOffsets(long Events, long Links, long Control)
{
    /// <summary>Nothing was ever committed.</summary>
    public static readonly ShardOffsets None = new(-1, -1, -1);

    /// <summary>These offsets, and an earlier one where there is none.</summary>
    public ShardOffsets Over(ShardOffsets before) => new(Events >= 0 ? Events : before.Events, Links >= 0 ? Links : before.Links, Control >= 0 ? Control : before.Control);
}
