using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests.Real;

/// <summary>A topic that outputs go to is removed under the running engine. What was in it is gone, by whoever removed it; what is written later is not.</summary>
public sealed class RemovedTopicTests
{
    // A broker that creates topics by itself has done so by then, with its own settings.
    private const int CreatedAfter = 10, MaxTries = 60;

    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task Output_topic_removed_in_mid_run_ends_the_transaction_and_drops_nothing()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(broker, "list 1", new ShardOffsets(1, 0, 0));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.Options.BootstrapServers }).Build();
        var (topics, removed) = (new KafkaTopics(kafka.Options, NullLogger<KafkaTopics>.Instance), kafka.Options.Topics.Recommendations);
        var before = await topics.FindAsync(removed);
        await admin.DeleteTopicsAsync([removed]);
        // The controller answers before the broker has removed it: what is committed in between goes with the topic. The broker may have made it anew by itself by the time one looks.
        while (await topics.FindAsync(removed) is { } topic && topic.Id == before!.Value.Id) await Task.Delay(100, Stop);
        await Task.Delay(2_000, Stop);

        // A try that fails must leave the offsets where they were; the first that commits is the only one that counts.
        for (var tries = 0; ; tries++)
        {
            try
            {
                await CommitAsync(broker, "list 2", new ShardOffsets(2, 0, 0));
                break;
            }
            catch (EngineException) when (tries < MaxTries)
            {
                await broker.InitTransactionsAsync(Stop);
                Assert.Equal(1, (await broker.ReadCommittedAsync(Stop)).Offsets.Events);
                if (tries == CreatedAfter && await topics.PartitionsAsync(removed) is null) await topics.EnsureAsync(Stop);
                await Task.Delay(500, Stop);
            }
        }

        Assert.Equal(2, (await broker.ReadCommittedAsync(Stop)).Offsets.Events);
        Assert.Equal(["list 2"], await ListsAsync(kafka.Options));
    }

    private static async Task CommitAsync(IShardBroker broker, string list, ShardOffsets next)
    {
        broker.Begin();
        broker.Produce(OutputTopic.Recommendations, 0, "u"u8, Encoding.UTF8.GetBytes(list));
        await broker.SendOffsetsAsync(next, 1, Stop);
        await broker.CommitAsync(Stop);
    }

    // A topic that has just been made may be unknown for a moment.
    private static async Task<KafkaTopicReader> OpenAsync(KafkaOptions options)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await KafkaTopicReader.OpenAsync(options, options.Topics.Recommendations, [0], null, NullLogger<KafkaTopicReader>.Instance, Stop);
            }
            catch (BrokerUnavailableException) when (tries < MaxTries)
            {
                await Task.Delay(500, Stop);
            }
        }
    }

    private static async Task<List<string>> ListsAsync(KafkaOptions options)
    {
        var lists = new List<string>();
        await using var reader = await OpenAsync(options);
        await reader.ReadToAsync(null, (_, batch) =>
        {
            foreach (var record in batch.Records) lists.Add(Encoding.UTF8.GetString(batch.Value(record)));
            return default;
        }, 100, Stop);
        return lists;
    }
}
