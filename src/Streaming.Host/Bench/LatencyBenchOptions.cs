using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>What <c>bench latency</c> measures.</summary>
public sealed record LatencyBenchOptions
{
    /// <summary>Events a second.</summary>
    public required double EventsPerSecond { get; init; }
    /// <summary>Length of a round, s.</summary>
    public double RoundSeconds { get; init; } = 10;
    /// <summary>Rounds of each, in turns.</summary>
    public int Rounds { get; init; } = 3;
    /// <summary>Users that come in turns.</summary>
    public int Users { get; init; } = 20_000;
    /// <summary>Items of the catalogue.</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Closed sessions in the item index.</summary>
    public int Sessions { get; init; } = 200_000;
    /// <summary>How long an answer is waited for at the end of a round.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What is wrong with them, naming the flag or setting; null where nothing is.</summary>
    public string? Misuse(KafkaOptions kafka)
    {
        if (kafka.Security.Protocol != "plaintext") return "Kafka:Security:Protocol must be plaintext: the echo that is measured beside the engine is a plain client.";
        if (!(EventsPerSecond > 0)) return $"--rate must be above 0, not {EventsPerSecond}.";
        if (!(RoundSeconds > 0)) return $"--seconds must be above 0, not {RoundSeconds}.";
        if (Rounds < 1 || Users < 1 || Items < 1 || Sessions < 0) return "--rounds, --users and --items must be 1 or more, --sessions 0 or more.";
        // A user's answer must have come before the user comes again.
        return Users / EventsPerSecond < 1 ? $"--users {Users} come around within a second at --rate {EventsPerSecond}: give more users or a lower rate." : null;
    }
}
