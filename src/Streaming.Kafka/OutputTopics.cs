using Streaming.Contracts;
using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>Names of the topics a shard reads and writes.</summary>
internal static class OutputTopics
{
    public static readonly int Count = Enum.GetValues<OutputTopic>().Length;

    /// <summary>Those where a shard writes its own partition alone, and nobody else does.</summary>
    public static readonly OutputTopic[] Own = [OutputTopic.Recommendations, OutputTopic.ChurnAlerts, OutputTopic.Sessions, OutputTopic.DeadLetters, OutputTopic.Control];

    /// <summary>Whether the topic is one of <see cref="Own"/>.</summary>
    public static bool IsOwn(OutputTopic topic) => topic is not (OutputTopic.Links or OutputTopic.Events);

    public static string NameOf(TopicNames names, OutputTopic topic) => topic switch
    {
        OutputTopic.Recommendations => names.Recommendations,
        OutputTopic.ChurnAlerts => names.ChurnAlerts,
        OutputTopic.Sessions => names.Sessions,
        OutputTopic.DeadLetters => names.DeadLetters,
        OutputTopic.Control => names.Control,
        OutputTopic.Links => names.Links,
        OutputTopic.Events => names.Events,
        _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "unknown output topic"),
    };

    public static string NameOf(TopicNames names, SourceTopic topic) => topic switch
    {
        SourceTopic.Events => names.Events,
        SourceTopic.Links => names.Links,
        SourceTopic.Control => names.Control,
        _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "unknown source topic"),
    };
}
