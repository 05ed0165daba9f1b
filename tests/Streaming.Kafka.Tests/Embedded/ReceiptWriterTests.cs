using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Shard;
using Streaming.Kafka.Embedded;

namespace Streaming.Kafka.Tests.Embedded;

public sealed class ReceiptWriterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_record_has_its_own_receipt_and_partitions_keep_their_order()
    {
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 2 }, NullLogger<EmbeddedKafka>.Instance);
        await using var writer = new KafkaReceiptWriter(kafka.Options, NullLogger<KafkaReceiptWriter>.Instance);
        var first = await writer.WriteAsync(kafka.Options.Topics.Events, [Record(1, "a"), Record(0, "b"), Record(1, "c")], Stop);
        var second = await writer.WriteAsync(kafka.Options.Topics.Events, [Record(1, "d")], Stop);
        Assert.Equal([0, 0, 1], first!.Select(r => r.Offset));
        Assert.Equal(2, Assert.Single(second!).Offset);
        Assert.All(first!.Concat(second!), r => Assert.True(r.IsWritten));

        await using var reader = await KafkaTopicReader.OpenAsync(kafka.Options, kafka.Options.Topics.Events, [1], null, NullLogger<KafkaTopicReader>.Instance, Stop);
        var (batch, values) = (new RecordBatch(), new List<string>());
        while (values.Count < 3)
        {
            batch.Reset(0);
            if (await reader.ReadAsync(batch, 10, TimeSpan.FromSeconds(1), Stop) < 0) continue;
            for (var i = 0; i < batch.Count; i++) values.Add(Encoding.UTF8.GetString(batch.Value(batch.Records[i])));
        }

        Assert.Equal(["a", "c", "d"], values);
    }

    [Fact]
    public async Task Record_that_is_too_large_is_told_of_and_the_others_and_the_next_are_written()
    {
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 1 }, NullLogger<EmbeddedKafka>.Instance);
        await using var writer = new KafkaReceiptWriter(kafka.Options, NullLogger<KafkaReceiptWriter>.Instance);
        var receipts = await writer.WriteAsync(kafka.Options.Topics.Events, [Record(0, "a"), Record(0, new string('x', kafka.Options.MessageMaxBytes + 1)), Record(0, "b")], Stop);
        Assert.Equal([true, false, true], receipts!.Select(r => r.IsWritten));
        Assert.Equal("MSG_SIZE_TOO_LARGE", receipts![1].Error);
        Assert.True((await writer.WriteAsync(kafka.Options.Topics.Events, [Record(0, "c")], Stop))![0].IsWritten);
    }

    [Fact]
    public async Task Broker_that_is_away_is_a_receipt_that_says_so_and_no_exception()
    {
        await using var writer = new KafkaReceiptWriter(Away(), NullLogger<KafkaReceiptWriter>.Instance);
        var receipt = Assert.Single((await writer.WriteAsync("events", [Record(0, "a")], Stop))!);
        Assert.Equal((false, "_MSG_TIMED_OUT"), (receipt.IsWritten, receipt.Error));
    }

    [Fact]
    public async Task Queue_without_room_refuses_the_whole_request()
    {
        var options = Away() with { MessageTimeoutMs = 60_000, TransactionTimeoutMs = 60_000, ClientProperties = new Dictionary<string, string> { ["queue.buffering.max.messages"] = "2" } };
        await using var writer = new KafkaReceiptWriter(options, NullLogger<KafkaReceiptWriter>.Instance);
        var waiting = writer.WriteAsync("events", [Record(0, "a"), Record(0, "b")], Stop);
        Assert.Null(await writer.WriteAsync("events", [Record(0, "c")], Stop));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Closing_answers_who_waits()
    {
        var writer = new KafkaReceiptWriter(Away() with { MessageTimeoutMs = 60_000, TransactionTimeoutMs = 60_000 }, NullLogger<KafkaReceiptWriter>.Instance);
        var waiting = writer.WriteAsync("events", [Record(0, "a")], Stop);
        await writer.DisposeAsync();
        Assert.False(Assert.Single((await waiting.WaitAsync(TimeSpan.FromSeconds(30), Stop))!).IsWritten);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.WriteAsync("events", [Record(0, "b")], Stop));
    }

    private static KeyedRecord Record(int partition, string value) => new(partition, "k"u8.ToArray(), Encoding.UTF8.GetBytes(value));

    // A port that was free a moment ago.
    private static KafkaOptions Away()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new KafkaOptions { BootstrapServers = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", MessageTimeoutMs = 500, TransactionTimeoutMs = 1000 };
    }
}
