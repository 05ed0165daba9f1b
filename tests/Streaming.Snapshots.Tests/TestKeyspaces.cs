namespace Streaming.Snapshots.Tests;

/// <summary>Removes the keyspaces that tests made.</summary>
internal static class TestKeyspaces
{
    public static void Drop(string keyspace)
    {
#if CASSANDRA_DRIVER
        var node = Environment.GetEnvironmentVariable("STREAMING_TEST_CASSANDRA");
        if (string.IsNullOrEmpty(node)) return;
        using var cluster = global::Cassandra.Cluster.Builder().AddContactPoint(node.Split(':')[0]).WithPort(int.Parse(node.Split(':')[1])).WithQueryTimeout(60_000).Build();
        using var session = cluster.Connect();
        session.Execute($"DROP KEYSPACE IF EXISTS {keyspace}");
#endif
    }
}
