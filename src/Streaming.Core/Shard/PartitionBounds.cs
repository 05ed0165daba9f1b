namespace Streaming.Core.Shard;

/// <summary>What a partition holds now.</summary>
/// <param name="LogStart">First offset still readable.</param>
/// <param name="StableEnd">Last stable offset: everything below it is decided (read_committed end).</param>
public readonly record struct PartitionBounds(long LogStart, long StableEnd);
