using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests.Real;

/// <summary>SASL over TLS. STREAMING_TEST_KAFKA_SECURE names the listener, STREAMING_TEST_KAFKA_CA its authority's PEM file; user admin, password admin-secret.</summary>
public sealed class SecureKafkaTests
{
    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task Transaction_commits_over_Sasl_and_Tls()
    {
        var options = Options("admin-secret");
        await new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).PrepareAsync(new MemorySnapshotStore(), Stop);
        await using var node = new KafkaNode(options, options.Partitions, NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "batch"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(1, 0, 0), Stop);
        await broker.CommitAsync(Stop);
        Assert.Equal(1, (await broker.ReadCommittedAsync(Stop)).Events);
        Assert.Equal(["batch"], (await broker.ReadToEndAsync(SourceTopic.Control, 0)).Values);
    }

    [Fact]
    public async Task Wrong_password_is_an_error_not_a_wait_for_ever()
    {
        var options = Options("wrong") with { RequestTimeoutMs = 3_000 };
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop));
    }

    private static KafkaOptions Options(string password)
    {
        var (address, authority) = (Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA_SECURE"), Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA_CA"));
        if (string.IsNullOrEmpty(address) || string.IsNullOrEmpty(authority)) Assert.Skip("STREAMING_TEST_KAFKA_SECURE and STREAMING_TEST_KAFKA_CA are not set");
        var id = Guid.NewGuid().ToString("N")[..10];
        var options = new KafkaOptions
        {
            BootstrapServers = address!, TopicPrefix = $"t{id}-", GroupId = $"g{id}", TransactionalIdPrefix = $"x{id}", Partitions = 1,
            Security = new KafkaSecurityOptions { Protocol = "sasl_ssl", SaslMechanism = "PLAIN", SaslUsername = "admin", SaslPassword = password, CaFile = authority },
        };
        Assert.Empty(options.Validate());
        return options;
    }
}
