using Streaming.Core.Shard;
using Streaming.Kafka;
using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>What <c>bench restart</c> measures.</summary>
public sealed record RestartBenchOptions
{
    /// <summary>Broker.</summary>
    public required KafkaOptions Kafka { get; init; }
    /// <summary>Users with a row in the store.</summary>
    public required int Users { get; init; }
    /// <summary>Events of the gap.</summary>
    public required long Gap { get; init; }
    /// <summary>True: the gap was folded and committed before the stop and is not in the store, so that it is replayed; false: nobody has read it.</summary>
    public bool IsUndurable { get; init; }
    /// <summary>Events a user before the stop, on average; each user has one at least.</summary>
    public int EventsPerUser { get; init; } = 5;
    /// <summary>Shards; the topics have as many partitions.</summary>
    public int Shards { get; init; } = 4;
    /// <summary>Items drawn, each with a vector.</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Closed sessions in the item index.</summary>
    public int Sessions { get; init; } = 100_000;
    /// <summary>Seed of the draws.</summary>
    public ulong Seed { get; init; } = 1;
    /// <summary><c>sqlite</c>, <c>sqlite:DIR</c> or <c>cassandra:HOST:PORT</c>.</summary>
    public string Store { get; init; } = "sqlite";
    /// <summary>How the restarted shards work.</summary>
    public ShardOptions Shard { get; init; } = new();
    /// <summary>Settings of the SQLite store.</summary>
    public SqliteOptions Sqlite { get; init; } = new();
    /// <summary>Settings of the Cassandra store.</summary>
    public CassandraOptions Cassandra { get; init; } = new();
}
