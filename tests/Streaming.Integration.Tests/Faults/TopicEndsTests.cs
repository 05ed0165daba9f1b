using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Faults.Engine;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What a real broker, which STREAMING_TEST_KAFKA names, says of a log with an open transaction: it hides what comes behind it, and who looks must see that.</summary>
public sealed class TopicEndsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_transaction_and_what_it_hides_are_seen()
    {
        var kafka = await TopicsAsync();
        var (ends, unread) = (new TopicEnds(kafka.BootstrapServers, kafka.TopicPrefix), UnreadInput.Of(kafka));
        await WriteAsync(kafka, 5);
        Assert.DoesNotContain(await ends.ReadAsync(Stop), e => e.IsOpen);

        // A committed one first: its marker takes an offset, and is nothing to read.
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, TransactionalId = kafka.TopicPrefix, TransactionTimeoutMs = 60_000 }).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(30));
        await ProduceAsync(producer, kafka);
        producer.CommitTransaction();
        Assert.Empty(await unread.StandingAsync(Committed(6), Stop));
        Assert.Equal("shard 0 (running) has committed " + kafka.Topics.Events + " up to 4, 2 records behind it are not consumed", Assert.Single(await unread.StandingAsync(Committed(4), Stop)));

        await ProduceAsync(producer, kafka);
        await WriteAsync(kafka, 3);
        var open = Assert.Single(await ends.ReadAsync(Stop), e => e.IsOpen);
        Assert.Equal(new PartitionEnd(kafka.Topics.Events, 0, 11, 7), open);
        Assert.EndsWith("and 4 more lie behind an open transaction at 7", Assert.Single(await unread.StandingAsync(Committed(7), Stop)));
        var (hanging, _) = await new OpenTransactions(ends.ReadAsync, () => TimeSpan.FromSeconds(2)).EndAsync(TimeSpan.FromMinutes(1), Stop);
        Assert.Equal(open, Assert.Single(hanging));

        producer.AbortTransaction();
        Assert.Empty((await new OpenTransactions(ends.ReadAsync, () => TimeSpan.FromSeconds(20)).EndAsync(TimeSpan.FromMinutes(1), Stop)).Hanging);
        Assert.Contains(", 3 records", Assert.Single(await unread.StandingAsync(Committed(7), Stop)));
    }

    private static async Task<KafkaOptions> TopicsAsync()
    {
        var address = Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA");
        if (string.IsNullOrEmpty(address)) Assert.Skip("STREAMING_TEST_KAFKA is not set");
        var kafka = new KafkaOptions { BootstrapServers = address, TopicPrefix = $"ends-{Guid.NewGuid():n}-", Partitions = 1 };
        await new KafkaTopics(kafka, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop);
        return kafka;
    }

    private static async Task WriteAsync(KafkaOptions kafka, int count)
    {
        await using var writer = new KafkaEventWriter(kafka, NullLogger<KafkaEventWriter>.Instance);
        for (var i = 0; i < count; i++) writer.Write(kafka.Topics.Events, 1, Encoding.UTF8.GetBytes("u"), Encoding.UTF8.GetBytes("{}"));
        await writer.FlushAsync(Stop);
    }

    private static async Task ProduceAsync(IProducer<string, string> producer, KafkaOptions kafka)
    {
        producer.BeginTransaction();
        await producer.ProduceAsync(new TopicPartition(kafka.Topics.Events, 0), new Message<string, string> { Key = "u", Value = "{}" }, Stop);
    }

    private static JsonElement Committed(long events) =>
        JsonDocument.Parse($$"""{"shards":[{"partition":0,"status":{"phase":"running","committed":{"events":{{events}},"links":-1,"control":0} } }]}""").RootElement;
}
