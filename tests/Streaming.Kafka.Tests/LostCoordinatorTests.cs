using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Embedded;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests;

/// <summary>The group's coordinator leaves the cluster: librdkafka may wait for it for ever, in a call that has a time limit.</summary>
public sealed class LostCoordinatorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_that_does_not_return_from_sending_offsets_is_given_up_and_a_fresh_one_goes_on()
    {
        using var cluster = new MockCluster();
        var options = new KafkaOptions
        {
            BootstrapServers = cluster.BootstrapServers, GroupId = "g", TransactionalIdPrefix = "x", Partitions = 1, TransactionTimeoutMs = 2_000, MessageTimeoutMs = 2_000, RequestTimeoutMs = 2_000, IsEmbedded = true,
        };
        foreach (var spec in TopicSpecs.All(options, 1)) cluster.CreateTopic(spec.Name, leader: 1);
        cluster.SetCoordinator("transaction", "x-events-0", 1);
        cluster.SetCoordinator("group", options.GroupId, 2);
        await using var node = new KafkaNode(options, 1, new MemoryCommittedOffsets(), TimeProvider.System, NullLogger<KafkaNode>.Instance);
        await using var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(broker, 1);

        cluster.Decommission(2);
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAnyAsync<EngineException>(async () =>
        {
            // Until the client has seen that its coordinator is no more.
            for (var batch = 2; clock.Elapsed < TimeSpan.FromMinutes(2); batch++) await CommitAsync(broker, batch);
        });
        Assert.IsType<IndefiniteOutcomeException>(error);
        Assert.Contains("does not return from sending offsets", error.Message, StringComparison.Ordinal);

        cluster.SetCoordinator("group", options.GroupId, 1);
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(broker, 100);
        Assert.Equal(100, (await broker.ReadCommittedAsync(Stop)).Offsets.Events);
    }

    private static async Task CommitAsync(IShardBroker broker, int batch)
    {
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "{}"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(batch, 0, 0), batch, Stop);
        Assert.True((await broker.CommitAsync(Stop)).ControlOffset >= 0);
    }
}
