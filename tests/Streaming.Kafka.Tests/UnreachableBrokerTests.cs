using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests;

/// <summary>Nobody answers: an error that passes, and that says whom it could not reach. No broker is needed.</summary>
public sealed class UnreachableBrokerTests
{
    [Theory]
    [InlineData("no-such-host.invalid:9092")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]:1")]
    public async Task Broker_that_cannot_be_reached_is_unavailable_and_named(string servers)
    {
        var options = new KafkaOptions { BootstrapServers = servers, RequestTimeoutMs = 1_000 };
        var error = await Assert.ThrowsAsync<BrokerUnavailableException>(() => new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).PartitionsAsync("events"));
        Assert.Contains(servers, error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorAction.Retry, error.Action);
    }
}
