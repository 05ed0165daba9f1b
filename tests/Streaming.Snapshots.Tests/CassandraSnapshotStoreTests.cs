using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;
using Streaming.Snapshots.Cassandra;
using Xunit;

namespace Streaming.Snapshots.Tests;

/// <summary>The contract over a real node, in a keyspace of the test's own.</summary>
public sealed class CassandraSnapshotStoreTests : DurableStoreContract
{
    private readonly string _keyspace = $"test_{Guid.NewGuid():N}";

    private protected override ISnapshotStore Open()
    {
        var node = Environment.GetEnvironmentVariable("STREAMING_TEST_CASSANDRA");
        if (!CassandraStoreFactory.IsAvailable) Assert.Skip("this build has no Cassandra driver (-p:CassandraDriver=true)");
        if (string.IsNullOrEmpty(node)) Assert.Skip("STREAMING_TEST_CASSANDRA (host:port) is not set");
        return CassandraStoreFactory.Create(new CassandraOptions { ContactPoints = node, Keyspace = _keyspace }, NullLogger.Instance);
    }

    private protected override void Clean() => TestKeyspaces.Drop(_keyspace);
}
