using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>What <c>bench recommend</c> measures.</summary>
public sealed record RecommendBenchOptions
{
    /// <summary>How the broker is reached.</summary>
    public required KafkaOptions Kafka { get; init; }
    /// <summary>Topic with the benchmark's events, written before; all of it is worked.</summary>
    public required string Topic { get; init; }
    /// <summary>Most events of a batch.</summary>
    public int BatchEvents { get; init; } = 500;
    /// <summary>Items of the catalogue, each with a vector.</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Closed sessions in the item index.</summary>
    public int Sessions { get; init; } = 200_000;
    /// <summary>How long each floor is measured, s.</summary>
    public double FloorSeconds { get; init; } = 5;
    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;
}
