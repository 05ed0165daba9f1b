using System.Globalization;
using Cassandra;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Events;

namespace Streaming.Snapshots.Cassandra;

/// <summary>
/// The tables. Every row of state is one cell, so that two writers' cells can never mix. Users lie in partitions of (shard, part), part being a hash of
/// the key: a flush then is few requests, a bulk read too, and all users of a shard can be enumerated without reading other shards; with 256 parts
/// ten million users of 2 KiB in one shard still give partitions below 100 MB (docs/decisions/0011).
/// </summary>
internal static class CassandraSchema
{
    /// <summary>Parts of a shard. Stored with the keyspace; another number is refused.</summary>
    public const int Parts = 256;

    private const int Version = 1;

    /// <summary>The part that a user's row lies in.</summary>
    public static int PartOf(ReadOnlySpan<byte> key) => (int)(Hash64.Of(key) % Parts);

    /// <summary>Creates what is missing, where that is allowed, and refuses tables of another version.</summary>
    public static async Task PrepareAsync(ISession session, CassandraOptions options, ILogger logger)
    {
        var keyspace = options.Keyspace;
        if (options.CreateMissing)
        {
            await CreateKeyspaceAsync(session, options, logger);
            foreach (var table in Tables) await session.ExecuteAsync(new SimpleStatement(string.Format(CultureInfo.InvariantCulture, table, keyspace)));
        }
        else if (session.Cluster.Metadata.GetKeyspace(keyspace) is null)
        {
            throw new StoreUnavailableException($"keyspace '{keyspace}' does not exist and Cassandra:CreateMissing is off");
        }

        await session.ExecuteAsync(new SimpleStatement($"INSERT INTO {keyspace}.layout (id, version, parts) VALUES (0, {Version}, {Parts}) IF NOT EXISTS"));
        var layout = (await session.ExecuteAsync(new SimpleStatement($"SELECT version, parts FROM {keyspace}.layout WHERE id = 0"))).Single();
        var (version, parts) = (layout.GetValue<int>("version"), layout.GetValue<int>("parts"));
        if (version != Version || parts != Parts)
            throw new CorruptRowException($"keyspace '{keyspace}' has tables of version {version} with {parts} parts a shard; this program reads version {Version} with {Parts}. Use the program that wrote it, or another keyspace.");
    }

    private static readonly string[] Tables =
    [
        "CREATE TABLE IF NOT EXISTS {0}.layout (id int PRIMARY KEY, version int, parts int)",
        "CREATE TABLE IF NOT EXISTS {0}.shards (shard int PRIMARY KEY, blob blob)",
        "CREATE TABLE IF NOT EXISTS {0}.users (shard int, part int, key blob, blob blob, PRIMARY KEY ((shard, part), key)) WITH compaction = {{'class': 'LeveledCompactionStrategy'}}",
        "CREATE TABLE IF NOT EXISTS {0}.due (shard int, bucket bigint, key blob, kind tinyint, due_ms bigint, PRIMARY KEY ((shard, bucket), key, kind))",
        "CREATE TABLE IF NOT EXISTS {0}.due_buckets (shard int, bucket bigint, mark tinyint, PRIMARY KEY (shard, bucket))",
        "CREATE TABLE IF NOT EXISTS {0}.blob_heads (name text PRIMARY KEY, content blob, chunks int)",
        "CREATE TABLE IF NOT EXISTS {0}.blob_chunks (content blob, chunk int, bytes blob, PRIMARY KEY ((content, chunk)))",
    ];

    private static async Task CreateKeyspaceAsync(ISession session, CassandraOptions options, ILogger logger)
    {
        if (session.Cluster.Metadata.GetKeyspace(options.Keyspace) is not null) return;
        var hosts = session.Cluster.AllHosts();
        var datacenter = options.LocalDatacenter.Length > 0 ? options.LocalDatacenter : hosts.First(h => h.IsUp).Datacenter;
        var copies = options.ReplicationFactor > 0 ? options.ReplicationFactor : Math.Clamp(hosts.Count(h => h.Datacenter == datacenter), 1, 3);
        if (copies < 3) CassandraLog.FewCopies(logger, options.Keyspace, copies, datacenter);
        await session.ExecuteAsync(new SimpleStatement(
            $"CREATE KEYSPACE IF NOT EXISTS {options.Keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', '{datacenter}': {copies}}}"));
    }
}
