using Streaming.Api.Settings;
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
        TopologyRecord? found = null;
        return new EngineParts
        {
            Settings = settings,
            Kafka = kafka,
            Store = store,
            LocalFolder = StoreFactory.LocalFolder(settings),
            // A witness keeps no state that could belong to other topics; it only has to count them as the workers do.
            PrepareTopicsAsync = async cancellation =>
            {
                if (settings.Get<ApiOptions>().Auth.AnswersSomebody) await topics.EnsureAuditAsync(cancellation);
                if (settings.Get<ClusterOptions>().Role != NodeRole.Worker) return await topics.EnsureAsync(cancellation);
                found = (await topics.PrepareAsync(store, cancellation)).Record;
                return found.Partitions;
            },
            FindTopicAsync = topics.FindAsync,
            Brokers = _ => new KafkaNode(kafka, found ?? throw new InvalidOperationException("prepare the topics first"), loggers.CreateLogger<KafkaNode>()),
            Loggers = loggers,
            Time = TimeProvider.System,
        };
    }
}
