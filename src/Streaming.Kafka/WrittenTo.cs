using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>A partition that a transaction wrote to.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Name">Its name.</param>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset of the last record there.</param>
internal readonly record struct WrittenTo(OutputTopic Topic, string Name, int Partition, long Offset);
