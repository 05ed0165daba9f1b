namespace Streaming.Core.Shard;

/// <summary>
/// Keeps the committed offsets C where the broker cannot: the in-process cluster of the demo stores no transactional offsets (design rule 4.15).
/// Never used against a real broker.
/// </summary>
public interface ICommittedOffsets
{
    /// <summary>The shard's committed offsets; <see cref="ShardOffsets.None"/> where it never committed.</summary>
    ValueTask<ShardOffsets> ReadAsync(int partition, CancellationToken cancellation);

    /// <summary>Records the offsets of a transaction that has committed.</summary>
    ValueTask WriteAsync(int partition, ShardOffsets next, CancellationToken cancellation);
}
