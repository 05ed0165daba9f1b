using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Shard;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests.Real;

/// <summary>Topics of one test on the real broker that STREAMING_TEST_KAFKA names, under a prefix of its own.</summary>
internal sealed class RealKafka : IAsyncDisposable
{
    public const string Variable = "STREAMING_TEST_KAFKA";

    private RealKafka(KafkaOptions options)
    {
        Options = options;
        Node = new KafkaNode(options, options.Partitions, NullLogger<KafkaNode>.Instance);
    }

    public KafkaOptions Options { get; }

    public KafkaNode Node { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static KafkaOptions NewOptions(int partitions = 2)
    {
        var address = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(address)) Assert.Skip($"{Variable} (host:port of a real Kafka broker) is not set");
        var id = Guid.NewGuid().ToString("N")[..10];
        return new KafkaOptions { BootstrapServers = address!, TopicPrefix = $"t{id}-", GroupId = $"g{id}", TransactionalIdPrefix = $"x{id}", Partitions = partitions };
    }

    public static async Task<RealKafka> StartAsync(int partitions = 2)
    {
        var options = NewOptions(partitions);
        await new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop);
        return new RealKafka(options);
    }

    public async Task<IShardBroker> OpenAsync(int partition = 0) => await Node.OpenAsync(partition, Stop);

    /// <summary>A second node, as another process would be.</summary>
    public KafkaNode OtherNode() => new(Options, Options.Partitions, NullLogger<KafkaNode>.Instance);

    public KafkaEventWriter Writer() => new(Options, NullLogger<KafkaEventWriter>.Instance);

    public async Task WriteEventsAsync(int partition, int from, int count)
    {
        await using var writer = Writer();
        for (var i = from; i < from + count; i++)
            writer.Write(Options.Topics.Events, partition, "key"u8, System.Text.Encoding.UTF8.GetBytes($"event {i}"), isTombstone: false);
        await writer.FlushAsync(Stop);
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
