using System.Globalization;
using Akka.Cluster.Sharding;

namespace Streaming.Pipeline.Wire;

/// <summary>One entity a partition, one shard of the framework an entity, both named by the partition number.</summary>
internal sealed class ShardMessageExtractor(int partitions) : IMessageExtractor
{
    private readonly string[] _ids = [.. Enumerable.Range(0, partitions).Select(Name)];

    /// <summary>Name of the entity and shard of a partition.</summary>
    public static string Name(int partition) => partition.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string? EntityId(object message) =>
        message is IShardMessage { Partition: var partition } && (uint)partition < (uint)_ids.Length ? _ids[partition] : null;

    /// <inheritdoc/>
    public object EntityMessage(object message) => message;

    /// <inheritdoc/>
    public string? ShardId(object message) => EntityId(message);

    /// <inheritdoc/>
    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
