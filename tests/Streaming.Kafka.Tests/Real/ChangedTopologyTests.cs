using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests.Real;

/// <summary>A topic changes under a running node: what reads would never tell stops its shards.</summary>
public sealed class ChangedTopologyTests
{
    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task Topic_made_anew_and_longer_than_before_stops_reads_and_take_overs()
    {
        var options = RealKafka.NewOptions() with { TopologyCheckMs = 1_000 };
        await using var node = await StartAsync(options);
        await WriteAsync(options, 5);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        Assert.Equal(5, (await broker.ReadToEndAsync(SourceTopic.Events, 0)).Values.Count);

        var topics = new KafkaTopics(options, NullLogger<KafkaTopics>.Instance);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = options.BootstrapServers }).Build();
        var before = await topics.FindAsync(options.Topics.Events);
        await admin.DeleteTopicsAsync([options.Topics.Events]);
        while (await topics.FindAsync(options.Topics.Events) is { } left && left.Id == before!.Value.Id) await Task.Delay(100, Stop);
        await topics.EnsureAsync(Stop);
        await WriteAsync(options, 20);

        Assert.Contains("created anew", (await TakeOverUntilItFailsAsync(broker)).Message);
        var batch = new RecordBatch();
        batch.Reset(5);
        await broker.SeekAsync(SourceTopic.Events, 5, Stop);
        await Assert.ThrowsAsync<TopologyMismatchException>(async () => await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.Zero, Stop));
    }

    [Fact]
    public async Task Partitions_added_stop_the_reads_of_a_running_shard_by_themselves()
    {
        var options = RealKafka.NewOptions() with { TopologyCheckMs = 1_000 };
        await using var node = await StartAsync(options);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = options.BootstrapServers }).Build();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = options.Topics.Events, IncreaseTo = 4 }]);
        var error = await Assert.ThrowsAsync<TopologyMismatchException>(async () =>
        {
            var batch = new RecordBatch();
            batch.Reset(0);
            while (true) await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromMilliseconds(100), Stop);
        });
        Assert.Contains("4 partitions, 2 when", error.Message);
    }

    private static async Task<KafkaNode> StartAsync(KafkaOptions options)
    {
        var report = await new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).PrepareAsync(new MemorySnapshotStore(), Stop);
        return new KafkaNode(options, report.Record, NullLogger<KafkaNode>.Instance);
    }

    // The broker may show the new topic a moment later.
    private static async Task<EngineException> TakeOverUntilItFailsAsync(IShardBroker broker)
    {
        while (true)
        {
            try
            {
                await broker.InitTransactionsAsync(Stop);
            }
            catch (TopologyMismatchException error)
            {
                return error;
            }
            catch (BrokerUnavailableException)
            {
                // unknown for a moment
            }

            await Task.Delay(100, Stop);
        }
    }

    private static async Task WriteAsync(KafkaOptions options, int count)
    {
        await using var writer = new KafkaEventWriter(options, NullLogger<KafkaEventWriter>.Instance);
        for (var i = 0; i < count; i++) writer.Write(options.Topics.Events, 0, "key"u8, System.Text.Encoding.UTF8.GetBytes($"event {i}"), isTombstone: false);
        await writer.FlushAsync(Stop);
    }
}
