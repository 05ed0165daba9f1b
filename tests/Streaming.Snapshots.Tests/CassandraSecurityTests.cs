using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;
using Streaming.Snapshots.Cassandra;
using Xunit;

namespace Streaming.Snapshots.Tests;

/// <summary>
/// Against a node with TLS and passwords: STREAMING_TEST_CASSANDRA_SECURE (host:port) and STREAMING_TEST_CASSANDRA_CA (file); user and password cassandra.
/// </summary>
public sealed class CassandraSecurityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task User_and_authority_known_is_let_in()
    {
        var options = Secure() with { Keyspace = "test_secure" };
        await using var store = Open(options);
        await store.PrepareAsync(Stop);
        await store.WriteBlobAsync("topology", Flushes.Bytes("t"), Stop);
        Assert.Equal(Flushes.Bytes("t"), await store.ReadBlobAsync("topology", Stop));
    }

    [Fact]
    public async Task Wrong_password_is_unavailable_and_not_in_the_message() =>
        Assert.DoesNotContain("hush-hush", (await Refused(Secure() with { Password = "hush-hush" })).ToString(), StringComparison.Ordinal);

    [Fact]
    public Task Authority_unknown_to_the_system_is_refused() => Refused(Secure() with { TlsCaFile = "" });

    [Fact]
    public Task Certificate_of_another_name_is_refused() => Refused(Secure() with { TlsServerName = "cassandra.example" });

    [Fact]
    public Task Plain_connection_to_a_TLS_port_is_unavailable() => Refused(Secure() with { Tls = false, TlsCaFile = "", TlsServerName = "" });

    [Fact]
    public Task Authority_file_missing_is_unavailable() => Refused(Secure() with { TlsCaFile = "/nowhere/ca.pem" });

    private static async Task<StoreUnavailableException> Refused(CassandraOptions options)
    {
        await using var store = Open(options);
        return await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.PrepareAsync(Stop));
    }

    private static ISnapshotStore Open(CassandraOptions options) => CassandraStoreFactory.Create(options, NullLogger.Instance);

    private static CassandraOptions Secure()
    {
        if (!CassandraStoreFactory.IsAvailable) Assert.Skip("this build has no Cassandra driver (-p:CassandraDriver=true)");
        var node = Environment.GetEnvironmentVariable("STREAMING_TEST_CASSANDRA_SECURE");
        if (string.IsNullOrEmpty(node)) Assert.Skip("STREAMING_TEST_CASSANDRA_SECURE (host:port) is not set");
        return new CassandraOptions
        {
            ContactPoints = node, Username = "cassandra", Password = "cassandra", Tls = true, TlsServerName = "localhost",
            TlsCaFile = Environment.GetEnvironmentVariable("STREAMING_TEST_CASSANDRA_CA") ?? "", RequestTimeoutMs = 8000,
        };
    }
}
