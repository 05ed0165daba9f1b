using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Shard;
using Streaming.Kafka.Embedded;

namespace Streaming.Kafka.Tests.Embedded;

public sealed class EmbeddedKafkaTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_flow_to_outputs_and_committed_offsets_are_kept_beside_the_cluster()
    {
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 3 }, NullLogger<EmbeddedKafka>.Instance);
        var committed = new MemoryCommittedOffsets();
        await using var node = kafka.CreateNode(committed, TimeProvider.System, NullLogger<KafkaNode>.Instance);
        await WriteAsync(kafka, 1, 50);
        var broker = await node.OpenAsync(1, Stop);
        await broker.InitTransactionsAsync(Stop);
        Assert.Equal(ShardOffsets.None, (await broker.ReadCommittedAsync(Stop)).Offsets);

        var (values, last) = await broker.ReadToEndAsync(SourceTopic.Events, 0);
        Assert.Equal(50, values.Count);
        var receipt = await CommitAsync(broker, "batch", new ShardOffsets(last.NextOffset, -1, -1));

        Assert.Equal(0, receipt.ControlOffset);
        Assert.True(receipt.AppendTimeMs > 1_000_000_000_000);
        Assert.Equal(new ShardOffsets(50, -1, -1), (await broker.ReadCommittedAsync(Stop)).Offsets);
        Assert.Equal(new ShardOffsets(50, -1, -1), await committed.ReadAsync(1, Stop));
        var (control, end) = await broker.ReadToEndAsync(SourceTopic.Control, 0);
        Assert.Equal(["batch"], control);
        Assert.True(end.AtEnd);
    }

    [Fact]
    public async Task Aborted_offsets_are_not_recorded()
    {
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 1 }, NullLogger<EmbeddedKafka>.Instance);
        await using var node = kafka.CreateNode(new MemoryCommittedOffsets(), TimeProvider.System, NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "x"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(5, 5, 5), 1, Stop);
        await broker.AbortAsync(Stop);
        Assert.Equal(ShardOffsets.None, (await broker.ReadCommittedAsync(Stop)).Offsets);
        await CommitAsync(broker, "y", new ShardOffsets(6, 6, 6));
        Assert.Equal(new ShardOffsets(6, 6, 6), (await broker.ReadCommittedAsync(Stop)).Offsets);
    }

    [Fact]
    public async Task Times_are_the_producers_and_say_so()
    {
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 1 }, NullLogger<EmbeddedKafka>.Instance);
        await using var node = kafka.CreateNode(new MemoryCommittedOffsets(), TimeProvider.System, NullLogger<KafkaNode>.Instance);
        await WriteAsync(kafka, 0, 1);
        var broker = await node.OpenAsync(0, Stop);
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch();
        batch.Reset(0);
        while (batch.Count == 0) await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromSeconds(5), Stop);
        Assert.False(batch.Records[0].IsAppendTime);
        Assert.True(batch.Records[0].TimestampMs > 1_000_000_000_000);
    }

    [Fact]
    public async Task Waking_ends_the_read_that_waits_and_else_the_next_one_that_would()
    {
        var longWait = TimeSpan.FromMinutes(5);
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 1 }, NullLogger<EmbeddedKafka>.Instance);
        await using var node = kafka.CreateNode(new MemoryCommittedOffsets(), TimeProvider.System, NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch();
        batch.Reset(0);
        while (!batch.AtEnd) await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromSeconds(5), Stop);
        var waiting = broker.ReadAsync(SourceTopic.Events, batch, 10, longWait, Stop).AsTask();
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(200, Stop)));
        broker.Wake();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        broker.Wake();
        await broker.ReadAsync(SourceTopic.Events, batch, 10, longWait, Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(0, batch.Count);
        var again = broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromMilliseconds(300), Stop).AsTask();
        Assert.NotSame(again, await Task.WhenAny(again, Task.Delay(100, Stop))); // a wake ends one wait, not two
        await again;
    }

    [Fact]
    public async Task Read_of_large_records_ends_at_the_bytes_and_goes_on_without_a_gap()
    {
        const int Records = 300, Bytes = 20_000, MaxBytes = 256 * 1024;
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 1 }, NullLogger<EmbeddedKafka>.Instance);
        await using var node = kafka.CreateNode(new MemoryCommittedOffsets(), TimeProvider.System, NullLogger<KafkaNode>.Instance);
        await using (var writer = new KafkaEventWriter(kafka.Options, NullLogger<KafkaEventWriter>.Instance))
        {
            for (var i = 0; i < Records; i++) writer.Write(kafka.Options.Topics.Events, 0, "k"u8, new byte[Bytes], isTombstone: false);
            await writer.FlushAsync(Stop);
        }

        var broker = await node.OpenAsync(0, Stop);
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch { MaxBytes = MaxBytes };
        var (next, largest) = (0L, 0);
        while (next < Records)
        {
            batch.Reset(next);
            await broker.ReadAsync(SourceTopic.Events, batch, 1000, TimeSpan.FromSeconds(20), Stop);
            Assert.True(batch.Count > 0);
            foreach (var record in batch.Records.ToArray()) Assert.Equal(next++, record.Offset);
            largest = Math.Max(largest, batch.BytesUsed);
        }

        // The first chunk of a batch is taken before the records' size is known.
        Assert.InRange(largest, MaxBytes, MaxBytes + (32 * Bytes));
    }

    [Fact]
    public async Task Topic_reader_follows_an_output()
    {
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 2 }, NullLogger<EmbeddedKafka>.Instance);
        await using var node = kafka.CreateNode(new MemoryCommittedOffsets(), TimeProvider.System, NullLogger<KafkaNode>.Instance);
        await using var reader = await KafkaTopicReader.OpenAsync(kafka.Options, kafka.Options.Topics.Recommendations, [0, 1], null,
            NullLogger<KafkaTopicReader>.Instance, Stop);
        var broker = await node.OpenAsync(1, Stop);
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(broker, "b", new ShardOffsets(1, 1, 1));
        var batch = new RecordBatch();
        int partition;
        do partition = await reader.ReadAsync(batch, 10, TimeSpan.FromSeconds(20), Stop);
        while (partition >= 0 && batch.Count == 0);
        Assert.Equal(1, partition);
        Assert.Equal("{}", Encoding.UTF8.GetString(batch.Value(batch.Records[0])));
    }

    [Fact]
    public async Task Log_reader_reads_ranges_of_several_topics_at_once_and_one_partition_again()
    {
        using var kafka = new EmbeddedKafka(new KafkaOptions { Partitions = 2 }, NullLogger<EmbeddedKafka>.Instance);
        await using var node = kafka.CreateNode(new MemoryCommittedOffsets(), TimeProvider.System, NullLogger<KafkaNode>.Instance);
        await WriteAsync(kafka, 0, 300);
        await WriteAsync(kafka, 1, 20);
        var broker = await node.OpenAsync(1, Stop);
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(broker, "b", new ShardOffsets(1, 1, 1));
        var names = kafka.Options.Topics;
        await using var reader = new KafkaLogReader(kafka.Options, NullLogger<KafkaLogReader>.Instance);
        Assert.Equal(300, (await reader.BoundsAsync(names.Events, 0, Stop)).StableEnd);

        await using (var outer = reader.ReadAsync(names.Events, 0, 10, 290, 100, Stop).GetAsyncEnumerator(Stop))
        {
            Assert.True(await outer.MoveNextAsync());
            Assert.Equal(10, outer.Current.Records[0].Offset);
            Assert.Equal(20, await CountAsync(reader, names.Events, 1, 0, 20));
            Assert.Equal(1, await CountAsync(reader, names.Control, 1, 0, (await reader.BoundsAsync(names.Control, 1, Stop)).StableEnd));
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await CountAsync(reader, names.Events, 0, 0, 10));
            Assert.Contains("already", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(300, await CountAsync(reader, names.Events, 0, 0, 300));
        Assert.Equal(30, await CountAsync(reader, names.Events, 0, 270, 300));
        Assert.Equal(0, await CountAsync(reader, names.Events, 0, 5, 5));
    }

    private static async Task<int> CountAsync(KafkaLogReader reader, string topic, int partition, long from, long to)
    {
        var count = 0;
        await foreach (var batch in reader.ReadAsync(topic, partition, from, to, 50, Stop))
        {
            foreach (var record in batch.Records.ToArray())
            {
                Assert.True(record.Offset >= from);
                if (record.Offset < to) count++;
            }
        }

        return count;
    }

    private static async Task WriteAsync(EmbeddedKafka kafka, int partition, int count)
    {
        await using var writer = new KafkaEventWriter(kafka.Options, NullLogger<KafkaEventWriter>.Instance);
        for (var i = 0; i < count; i++) writer.Write(kafka.Options.Topics.Events, partition, "k"u8, Encoding.UTF8.GetBytes($"event {i}"), isTombstone: false);
        await writer.FlushAsync(Stop);
    }

    private static async Task<CommitReceipt> CommitAsync(IShardBroker broker, string batchRecord, ShardOffsets next)
    {
        broker.Begin();
        broker.Produce(OutputTopic.Recommendations, broker.Partition, "u"u8, "{}"u8);
        broker.Produce(OutputTopic.Control, broker.Partition, default, Encoding.UTF8.GetBytes(batchRecord));
        await broker.SendOffsetsAsync(next, 1, Stop);
        return await broker.CommitAsync(Stop);
    }
}
