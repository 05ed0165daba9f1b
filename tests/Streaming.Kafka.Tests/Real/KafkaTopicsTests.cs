using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests.Real;

public sealed class KafkaTopicsTests
{
    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task First_start_creates_topics_with_their_settings_and_records_them()
    {
        var options = RealKafka.NewOptions(3);
        var store = new MemorySnapshotStore();
        var report = await Topics(options).PrepareAsync(store, Stop);

        Assert.Equal(14, report.Created.Count);
        Assert.Equal(3, report.Partitions);
        Assert.Empty(report.Warnings);
        using var admin = Admin(options);
        Assert.Equal("LogAppendTime", await ConfigAsync(admin, options.Topics.Events, "message.timestamp.type"));
        Assert.Equal("LogAppendTime", await ConfigAsync(admin, options.Topics.Links, "message.timestamp.type"));
        Assert.Equal("LogAppendTime", await ConfigAsync(admin, options.Topics.Control, "message.timestamp.type"));
        Assert.Equal("LogAppendTime", await ConfigAsync(admin, options.Topics.Recommendations, "message.timestamp.type"));
        Assert.Equal("LogAppendTime", await ConfigAsync(admin, options.Topics.Sessions, "message.timestamp.type"));
        Assert.Equal("compact", await ConfigAsync(admin, options.Topics.Catalog, "cleanup.policy"));
        Assert.Equal((options.RetentionHours * 3_600_000L).ToString(), await ConfigAsync(admin, options.Topics.Control, "retention.ms"));
        Assert.Equal($"{KafkaOptions.ControlMaxBytes}", await ConfigAsync(admin, options.Topics.Control, "max.message.bytes"));
        var second = await Topics(options).PrepareAsync(store, Stop);
        Assert.Empty(second.Created);
        Assert.Empty(second.Warnings);
        Assert.Equal(report.Record.Hash, second.Record.Hash);
    }

    [Fact]
    public async Task Starts_at_the_same_moment_with_different_counts_agree_on_one()
    {
        for (var round = 0; round < 5; round++)
        {
            var options = RealKafka.NewOptions(2);
            var other = options with { Partitions = 5 };
            var both = await Task.WhenAll(Task.Run(() => Topics(options).PrepareAsync(new MemorySnapshotStore(), Stop)), Task.Run(() => Topics(other).PrepareAsync(new MemorySnapshotStore(), Stop)));
            Assert.Equal(both[0].Record.Hash, both[1].Record.Hash);
            Assert.True(both[0].Partitions is 2 or 5);
        }
    }

    [Fact]
    public async Task More_partitions_of_events_alone_are_named_before_any_advice_for_a_fresh_start()
    {
        var options = RealKafka.NewOptions();
        var store = new MemorySnapshotStore();
        await Topics(options).PrepareAsync(store, Stop);
        using var admin = Admin(options);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = options.Topics.Events, IncreaseTo = 3 }]);
        var error = await EventuallyMismatchAsync(options, store);
        Assert.Contains("3 partitions, 2 when", error.Message);
        Assert.DoesNotContain("Delete", error.Message);
    }

    [Fact]
    public async Task More_partitions_than_before_stop_the_start()
    {
        var options = RealKafka.NewOptions();
        var store = new MemorySnapshotStore();
        await Topics(options).PrepareAsync(store, Stop);
        using var admin = Admin(options);
        var names = TopicSpecs.All(options, 2).Where(spec => spec.CoPartitioned).Select(spec => new PartitionsSpecification { Topic = spec.Name, IncreaseTo = 4 });
        await admin.CreatePartitionsAsync(names);
        var error = await EventuallyMismatchAsync(options, store);
        Assert.Contains("4 partitions, 2 when", error.Message);
    }

    [Fact]
    public async Task Uneven_partitions_stop_even_a_first_start()
    {
        var options = RealKafka.NewOptions();
        using var admin = Admin(options);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = options.Topics.Links, NumPartitions = 5, ReplicationFactor = 1 }]);
        var error = await Assert.ThrowsAsync<TopologyMismatchException>(() => Topics(options).PrepareAsync(new MemorySnapshotStore(), Stop));
        Assert.Contains("5 partitions", error.Message);
    }

    [Fact]
    public async Task Topic_created_anew_stops_the_start_and_a_missing_one_is_not_replaced()
    {
        var options = RealKafka.NewOptions();
        var store = new MemorySnapshotStore();
        await Topics(options).PrepareAsync(store, Stop);
        using var admin = Admin(options);
        await admin.DeleteTopicsAsync([options.Topics.Events]);
        Assert.Contains("is gone", (await EventuallyMismatchAsync(options, store)).Message);
        Assert.Null(await Topics(options).PartitionsAsync(options.Topics.Events));

        await admin.CreateTopicsAsync([new TopicSpecification { Name = options.Topics.Events, NumPartitions = 2, ReplicationFactor = 1 }]);
        Assert.Contains("created anew", (await EventuallyMismatchAsync(options, store, "created anew")).Message);
    }

    [Fact]
    public async Task Existing_events_topic_gives_the_count_and_CreateTime_is_a_warning()
    {
        var options = RealKafka.NewOptions(7);
        using var admin = Admin(options);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = options.Topics.Events, NumPartitions = 3, ReplicationFactor = 1 }]);
        var report = await Topics(options).PrepareAsync(new MemorySnapshotStore(), Stop);
        Assert.Equal(3, report.Partitions);
        Assert.Equal([options.Topics.Events], report.CreateTimeTopics);
        Assert.Single(report.Warnings);
    }

    [Fact]
    public async Task Control_that_takes_small_records_alone_is_a_warning()
    {
        var options = RealKafka.NewOptions();
        using var admin = Admin(options);
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = options.Topics.Control, NumPartitions = 2, ReplicationFactor = 1, Configs = new Dictionary<string, string> { ["message.timestamp.type"] = "LogAppendTime" },
        }]);
        var report = await Topics(options).PrepareAsync(new MemorySnapshotStore(), Stop);
        Assert.Contains($"max.message.bytes={KafkaOptions.ControlMaxBytes}", Assert.Single(report.Warnings));
    }

    [Fact]
    public async Task Missing_topics_are_named_where_creation_is_off()
    {
        var options = RealKafka.NewOptions() with { CreateTopics = false };
        var error = await Assert.ThrowsAsync<TopologyMismatchException>(() => Topics(options).PrepareAsync(new MemorySnapshotStore(), Stop));
        Assert.Contains(options.Topics.Events, error.Message);
        Assert.Contains(options.Topics.Merchandising, error.Message);
    }

    [Fact]
    public async Task Unreachable_broker_is_unavailable()
    {
        var options = RealKafka.NewOptions() with { BootstrapServers = "127.0.0.1:1", RequestTimeoutMs = 1_000 };
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => Topics(options).PrepareAsync(new MemorySnapshotStore(), Stop));
    }

    private static KafkaTopics Topics(KafkaOptions options) => new(options, NullLogger<KafkaTopics>.Instance);

    private static IAdminClient Admin(KafkaOptions options) => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = options.BootstrapServers }).Build();

    private static async Task<string> ConfigAsync(IAdminClient admin, string topic, string name) =>
        (await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]))[0].Entries[name].Value;

    /// <summary>A broker shows a change of topics a moment later.</summary>
    private static async Task<TopologyMismatchException> EventuallyMismatchAsync(KafkaOptions options, MemorySnapshotStore store, string text = "")
    {
        for (var i = 0; i < 100; i++)
        {
            try
            {
                await Topics(options with { CreateTopics = false }).PrepareAsync(store, Stop);
            }
            catch (TopologyMismatchException error) when (error.Message.Contains(text))
            {
                return error;
            }
            catch (TopologyMismatchException)
            {
                // Still the older view of the topics.
            }

            await Task.Delay(100, Stop);
        }

        throw new TimeoutException("no mismatch was noticed");
    }
}
