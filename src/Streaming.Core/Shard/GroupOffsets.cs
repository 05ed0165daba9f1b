namespace Streaming.Core.Shard;

/// <summary>C as the group has it.</summary>
/// <param name="Offsets">The offsets.</param>
/// <param name="Sequence">Sequence of the batch that committed them, which goes with them as their metadata; -1: they carry none, as those of a person who moved them.</param>
public readonly record struct GroupOffsets(ShardOffsets Offsets, long Sequence)
{
    /// <summary>Nothing was ever committed.</summary>
    public static readonly GroupOffsets None = new(ShardOffsets.None, -1);
}
