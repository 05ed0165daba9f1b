using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Snapshots.Cassandra;
using Xunit;

namespace Streaming.Snapshots.Tests;

public sealed class CassandraOptionsTests
{
    [Fact]
    public void Options_with_many_errors_name_each_of_them()
    {
        var options = new CassandraOptions
        {
            ContactPoints = "a:0", Keyspace = "Bad;name", ReplicationFactor = 99, Username = "u", TlsCaFile = "x", TlsServerName = "y", LocalDatacenter = "'",
            ConcurrentRequests = 0, RequestTimeoutMs = 1, Attempts = 0, BackoffMs = 0, BatchBytes = -1,
        };
        Assert.Equal(12, options.Validate().Count());
        Assert.Empty(new CassandraOptions().Validate());
        Assert.Empty(new CassandraOptions { ContactPoints = "10.0.0.1, cass-2 , [::1]" }.Validate());
        Assert.NotEmpty(new CassandraOptions { ContactPoints = "a:1,b:2" }.Validate());
        Assert.NotEmpty(new CassandraOptions { ContactPoints = "" }.Validate());
    }

    [Fact]
    public void Options_never_print_the_password() =>
        Assert.DoesNotContain("hush", new CassandraOptions { Username = "me", Password = "hush" }.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Build_without_the_driver_names_the_switch()
    {
        if (CassandraStoreFactory.IsAvailable) Assert.Skip("this build has the driver");
        var error = Assert.Throws<CassandraDriverMissingException>(() => CassandraStoreFactory.Create(new CassandraOptions(), NullLogger.Instance));
        Assert.Contains("-p:CassandraDriver=true", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorAction.Fatal, error.Action);
    }

    [Fact]
    public async Task Store_that_is_down_is_unavailable_and_may_be_asked_again()
    {
        if (!CassandraStoreFactory.IsAvailable) Assert.Skip("this build has no Cassandra driver (-p:CassandraDriver=true)");
        await using var store = CassandraStoreFactory.Create(new CassandraOptions { ContactPoints = "127.0.0.1:1" }, NullLogger.Instance);
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.PrepareAsync(TestContext.Current.CancellationToken));
            Assert.Equal(ErrorAction.Retry, error.Action);
        }
    }
}
