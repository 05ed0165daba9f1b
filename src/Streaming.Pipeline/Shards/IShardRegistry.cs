namespace Streaming.Pipeline.Shards;

/// <summary>The shards of this node, for health, metrics and pages. Safe from any thread.</summary>
public interface IShardRegistry
{
    /// <summary>Every shard here now, by partition number.</summary>
    IReadOnlyList<LocalShard> Shards { get; }

    /// <summary>One shard; null where it is not here.</summary>
    LocalShard? Find(int partition);
}
