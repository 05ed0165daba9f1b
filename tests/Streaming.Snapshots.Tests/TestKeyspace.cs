using Streaming.Snapshots.Cassandra;
using Xunit;

namespace Streaming.Snapshots.Tests;

/// <summary>A keyspace for one class of tests, dropped after the last.</summary>
public sealed class TestKeyspace : IDisposable
{
    /// <summary>Its name.</summary>
    public string Name { get; } = $"test_{Guid.NewGuid():N}";

    /// <summary>The node to test against; skips the test where there is none.</summary>
    public static string Node()
    {
        var node = Environment.GetEnvironmentVariable("STREAMING_TEST_CASSANDRA");
        if (!CassandraStoreFactory.IsAvailable) Assert.Skip("this build has no Cassandra driver (-p:CassandraDriver=true)");
        if (string.IsNullOrEmpty(node)) Assert.Skip("STREAMING_TEST_CASSANDRA (host:port) is not set");
        return node;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
#if CASSANDRA_DRIVER
        if (Environment.GetEnvironmentVariable("STREAMING_TEST_CASSANDRA") is not { Length: > 0 } node) return;
        using var cluster = global::Cassandra.Cluster.Builder().AddContactPoint(node.Split(':')[0]).WithPort(int.Parse(node.Split(':')[1])).WithQueryTimeout(60_000).Build();
        using var session = cluster.Connect();
        session.Execute($"DROP KEYSPACE IF EXISTS {Name}");
#endif
    }
}
