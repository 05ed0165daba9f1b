namespace Streaming.Host.Bench;

/// <summary>What <c>bench fold</c> measures.</summary>
public sealed record FoldBenchOptions
{
    /// <summary>Broker.</summary>
    public required string Kafka { get; init; }
    /// <summary>Topic with the benchmark's events, written before.</summary>
    public required string Topic { get; init; }
    /// <summary>Events to fold; the topic holds at least as many.</summary>
    public required long Events { get; init; }
    /// <summary>Shards; the topic has as many partitions.</summary>
    public int Shards { get; init; } = 4;
    /// <summary>Items that get a vector: i0 … i(n-1).</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Whether the ceiling is measured first: the same topic read and nothing done with it.</summary>
    public bool Ceiling { get; init; }
}
