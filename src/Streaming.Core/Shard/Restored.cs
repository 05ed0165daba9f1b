namespace Streaming.Core.Shard;

/// <summary>What a restore made.</summary>
/// <param name="Memory">Memory as of C.</param>
/// <param name="Dues">Loader of due buckets.</param>
/// <param name="ControlOffset">Offset in <c>control</c> after the last batch record.</param>
/// <param name="ControlEnd">Stable end of <c>control</c> at the restore.</param>
/// <param name="Durable">Positions of R.</param>
/// <param name="DurableTime">Write time of R; 0: the store holds none.</param>
/// <param name="Owed">Outputs that are owed by users who were parked and are readable now.</param>
internal sealed record Restored(ShardMemory Memory, DueLoader Dues, long ControlOffset, long ControlEnd, ShardOffsets Durable, long DurableTime,
    IReadOnlyList<OwedOutputs> Owed);
