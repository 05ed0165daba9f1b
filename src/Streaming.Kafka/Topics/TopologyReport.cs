namespace Streaming.Kafka.Topics;

/// <summary>What the start found.</summary>
/// <param name="Record">The topology in force.</param>
/// <param name="Created">Topics that were created.</param>
/// <param name="Warnings">What is tolerated but wrong, for a person.</param>
/// <param name="CreateTimeTopics">Topics that should have LogAppendTime and have CreateTime: times in them are the producers' word.</param>
public sealed record TopologyReport(TopologyRecord Record, IReadOnlyList<string> Created, IReadOnlyList<string> Warnings, IReadOnlyList<string> CreateTimeTopics)
{
    /// <summary>Number of shards.</summary>
    public int Partitions => Record.Partitions;
}
