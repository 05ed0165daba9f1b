namespace Streaming.Kafka.Topics;

/// <summary>What a topic must be like, and what a deviation means.</summary>
/// <param name="Role">Name without prefix, as in the topology record.</param>
/// <param name="Name">Topic name.</param>
/// <param name="CoPartitioned">Must have as many partitions as events.</param>
/// <param name="IdMatters">State refers to its offsets: a topic created anew under the same name is another topic.</param>
/// <param name="AppendTime">Must have LogAppendTime (design rule 4.8).</param>
/// <param name="Partitions">Partitions of a new one.</param>
/// <param name="Configs">Settings of a new one.</param>
internal sealed record TopicSpec(string Role, string Name, bool CoPartitioned, bool IdMatters, bool AppendTime, int Partitions, IReadOnlyDictionary<string, string> Configs)
{
    /// <summary>The setting that bounds a record.</summary>
    public const string MaxMessageBytes = "max.message.bytes";
}
