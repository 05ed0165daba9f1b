using Confluent.Kafka;

namespace Streaming.Faults.Engine;

/// <summary>What the engine's group has committed, as the broker says.</summary>
internal static class GroupOffsets
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Committed offset by topic and partition; partitions without one are left out. What an open transaction has yet to commit does not count.</summary>
    /// <param name="bootstrap">The broker.</param>
    /// <param name="group">The group.</param>
    /// <param name="topics">Topics of it.</param>
    /// <param name="partitions">Partitions of each.</param>
    /// <param name="waits">Whether to wait until no commit is under way; under a quota one always is, and what was committed before it is told without.</param>
    public static Dictionary<(string Topic, int Partition), long> Read(string bootstrap, string group, IEnumerable<string> topics, int partitions, bool waits)
    {
        var settings = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = group, EnableAutoCommit = false, IsolationLevel = waits ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted, TopicMetadataRefreshIntervalMs = 10_000 };
        // It subscribes to nothing, so it is no member of the group.
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(settings).SetLogHandler((_, _) => { }).Build();
        var asked = topics.SelectMany(topic => Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p))).ToList();
        return consumer.Committed(asked, Limit).Where(o => o.Offset.Value >= 0).ToDictionary(o => (o.Topic, o.Partition.Value), o => o.Offset.Value);
    }
}
