using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Host.Settings;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Engine;

/// <summary>What differs between an engine against a real broker and the one of the demo; everything else is the same path.</summary>
internal sealed record EngineParts
{
    /// <summary>Settings, without errors.</summary>
    public required SettingsSnapshot Settings { get; init; }
    /// <summary>Kafka as clients reach it.</summary>
    public required KafkaOptions Kafka { get; init; }
    /// <summary>The store; the engine disposes it.</summary>
    public required ISnapshotStore Store { get; init; }
    /// <summary>Prepares the topics and answers the partitions of <c>events</c>.</summary>
    public required Func<CancellationToken, Task<int>> PrepareTopicsAsync { get; init; }
    /// <summary>Folder of this node's own files, which may be deleted at any time.</summary>
    public required string LocalFolder { get; init; }
    /// <summary>Answers which topic a name means; null where it does not exist.</summary>
    public required Func<string, Task<TopicIdentity?>> FindTopicAsync { get; init; }
    /// <summary>Makes the Kafka side of shards for so many partitions.</summary>
    public required Func<int, IShardBrokerFactory> Brokers { get; init; }
    /// <summary>True for the demo: the HTTP interface may answer this machine without a key.</summary>
    public bool IsDevelopment { get; init; }
    /// <summary>Logging.</summary>
    public required ILoggerFactory Loggers { get; init; }
    /// <summary>Clock.</summary>
    public required TimeProvider Time { get; init; }
}
