using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>What <c>bench start</c> measures.</summary>
public sealed record StartBenchOptions
{
    /// <summary>The broker.</summary>
    public required KafkaOptions Kafka { get; init; }
    /// <summary>Starts of each kind.</summary>
    public int Runs { get; init; } = 5;
    /// <summary>Port of the node's HTTP; 0: a free one.</summary>
    public int Port { get; init; }
    /// <summary>Settings as the command was given them, for the child processes: <c>--config</c> and <c>--set</c> with their values.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];
}
