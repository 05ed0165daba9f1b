using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>What <c>bench growth</c> measures.</summary>
public sealed record GrowthBenchOptions
{
    /// <summary>Users of the population, each with a row in the store.</summary>
    public required int Users { get; init; }
    /// <summary>Users that fit in memory, all shards together.</summary>
    public required int Resident { get; init; }
    /// <summary>Events measured.</summary>
    public required long Events { get; init; }
    /// <summary>Of those that fit, how many as objects (Shard:MaxResidentUsers), all shards together; the others are packed, within bytes for so many (Shard:MaxCompactBytes). 0: all as objects.</summary>
    public int Objects { get; init; }
    /// <summary>Shards.</summary>
    public int Shards { get; init; } = 4;
    /// <summary>Items drawn.</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;
    /// <summary><c>sqlite</c> or <c>sqlite:DIR</c>.</summary>
    public string Store { get; init; } = "sqlite";
    /// <summary>Settings of the store.</summary>
    public SqliteOptions Sqlite { get; init; } = new();
}
