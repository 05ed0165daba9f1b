namespace Streaming.Core.Shard;

/// <summary>C as the group has it.</summary>
/// <param name="Offsets">The offsets.</param>
/// <param name="Sequence">Sequence of the batch that committed them, which goes with them as their metadata; -1: they carry none, as those of a person who moved them.</param>
/// <param name="Transaction">Number of the transaction that committed them, which goes with them likewise: two owners may try the same sequence.</param>
public readonly record struct GroupOffsets(ShardOffsets Offsets, long Sequence, long Transaction)
{
    /// <summary>Nothing was ever committed.</summary>
    public static readonly GroupOffsets None = new(ShardOffsets.None, -1, -1);
}
