using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>What <c>bench nodes</c> measures.</summary>
public sealed record NodesBenchOptions
{
    /// <summary>The broker.</summary>
    public required KafkaOptions Kafka { get; init; }
    /// <summary>Events that count.</summary>
    public required int Events { get; init; }
    /// <summary>Events before them, which warm the processes up.</summary>
    public int WarmUp { get; init; }
    /// <summary>Numbers of nodes, one after another; the first is what the others are held against.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [1, 2, 4];
    /// <summary>Partitions of events, at least as many as nodes.</summary>
    public int Partitions { get; init; } = 8;
    /// <summary>Known customers of the generated shop; guests come on top.</summary>
    public int Customers { get; init; } = 5_000;
    /// <summary>Events a second; 0: as fast as they can be written.</summary>
    public int Rate { get; init; }
    /// <summary>Seed of the shop.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>First of the ports that the nodes take, two each; 0: free ones.</summary>
    public int Port { get; init; }
    /// <summary>Settings as the command was given them, for the child processes: <c>--config</c> and <c>--set</c> with their values.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];
}
