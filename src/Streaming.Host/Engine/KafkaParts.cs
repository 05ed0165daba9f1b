using Streaming.Host.Settings;
using Streaming.Kafka;
using Streaming.Kafka.Topics;
using Streaming.Pipeline.Membership;

namespace Streaming.Host.Engine;

/// <summary>An engine against a real broker.</summary>
internal static class KafkaParts
{
    /// <summary>Its parts.</summary>
    public static EngineParts Create(SettingsSnapshot settings, ILoggerFactory loggers)
    {
        var kafka = settings.Get<KafkaOptions>();
        var store = StoreFactory.Create(settings, loggers);
        var topics = new KafkaTopics(kafka, loggers.CreateLogger<KafkaTopics>());
        return new EngineParts
        {
            Settings = settings,
            Kafka = kafka,
            Store = store,
            LocalFolder = StoreFactory.LocalFolder(settings),
            // A witness keeps no state that could belong to other topics; it only has to count them as the workers do.
            PrepareTopicsAsync = async cancellation => settings.Get<ClusterOptions>().Role == NodeRole.Worker
                ? (await topics.PrepareAsync(store, cancellation)).Partitions
                : await topics.EnsureAsync(cancellation),
            FindTopicAsync = topics.FindAsync,
            Brokers = partitions => new KafkaNode(kafka, partitions, loggers.CreateLogger<KafkaNode>()),
            Loggers = loggers,
            Time = TimeProvider.System,
        };
    }
}
