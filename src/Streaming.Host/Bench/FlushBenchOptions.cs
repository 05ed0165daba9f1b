using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>What <c>bench flush</c> measures.</summary>
public sealed record FlushBenchOptions
{
    /// <summary>Rows to write at least, the first flush left out.</summary>
    public required long Rows { get; init; }
    /// <summary><c>sqlite</c>, <c>sqlite:DIR</c> or <c>cassandra:HOST:PORT</c>.</summary>
    public string Store { get; init; } = "sqlite";
    /// <summary>Users whose rows are written, again and again.</summary>
    public int Users { get; init; } = 200_000;
    /// <summary>Events a flush; each user touched by one of them is a row.</summary>
    public int EventsPerFlush { get; init; } = 16_000;
    /// <summary>Items drawn.</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;
    /// <summary>Settings of the SQLite store.</summary>
    public SqliteOptions Sqlite { get; init; } = new();
    /// <summary>Settings of the Cassandra store.</summary>
    public CassandraOptions Cassandra { get; init; } = new();
}
