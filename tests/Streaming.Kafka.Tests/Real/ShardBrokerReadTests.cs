using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests.Real;

public sealed class ShardBrokerReadTests
{
    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task Record_that_nobody_has_read_yet_says_nothing_against_the_client()
    {
        await using var kafka = await RealKafka.StartAsync();
        await kafka.WriteEventsAsync(0, 0, 1);
        using var client = new ConsumerClient(kafka.Options, "test", 1, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance) { StalledAfterMs = 400 };
        using var signal = new SemaphoreSlim(0);
        using var reader = new PartitionReader(client, kafka.Options.Topics.Events, 0, appendTimeKnown: true, signal);
        reader.Seek(0);
        var batch = new RecordBatch();
        batch.Reset(0);
        for (var tries = 0; tries < 60; tries++)
        {
            reader.TryRead(batch, 10); // quiet for long enough to be asked about
            await Task.Delay(50, Stop);
        }

        await kafka.WriteEventsAsync(0, 1, 1);
        await Task.Delay(4_000, Stop);
        Assert.False(client.IsStalled);
        while (batch.Count < 2)
        {
            client.ThrowIfMisrouted(); // no record would come any more
            if (!reader.TryRead(batch, 10)) await Task.Delay(20, Stop);
        }

        client.ThrowIfMisrouted();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_whose_reader_gives_nothing_although_there_are_records_counts_as_lost(bool hasNews)
    {
        await using var kafka = await RealKafka.StartAsync();
        await kafka.WriteEventsAsync(0, 0, 3);
        using var client = new ConsumerClient(kafka.Options, "test", 1, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance) { StalledAfterMs = 400 };
        using var signal = new SemaphoreSlim(0);
        using var reader = new PartitionReader(client, kafka.Options.Topics.Events, 0, appendTimeKnown: true, signal);
        reader.Seek(0);
        var batch = new RecordBatch();
        batch.Reset(0);
        while (batch.Count < 3)
        {
            client.ThrowIfMisrouted(); // no record would come any more
            if (!reader.TryRead(batch, 10)) await Task.Delay(20, Stop);
        }

        client.Unassign(kafka.Options.Topics.Events, 0); // behind the reader's back: as if the client had lost it
        if (hasNews) await kafka.WriteEventsAsync(0, 3, 3);
        for (var tries = 0; tries < (hasNews ? 600 : 100) && !client.IsStalled; tries++)
        {
            reader.TryRead(batch, 10);
            await Task.Delay(50, Stop);
        }

        Assert.Equal(3, batch.Count);
        Assert.Equal(hasNews, client.IsStalled);
        if (hasNews) Assert.Throws<BrokerUnavailableException>(client.ThrowIfMisrouted);
        client.Assign(kafka.Options.Topics.Events, 0, 3);
    }

    [Fact]
    public async Task Events_come_in_order_with_the_brokers_time_and_their_headers()
    {
        await using var kafka = await RealKafka.StartAsync();
        using (var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.Options.BootstrapServers }).Build())
        {
            var message = new Message<byte[], byte[]> { Key = null!, Value = "x"u8.ToArray(), Timestamp = new Timestamp(1_000, TimestampType.CreateTime), Headers = [] };
            message.Headers.Add("trace", [1, 2, 3]);
            message.Headers.Add("none", null);
            await producer.ProduceAsync(new TopicPartition(kafka.Options.Topics.Events, 0), message, Stop);
            await producer.ProduceAsync(new TopicPartition(kafka.Options.Topics.Events, 0), new Message<byte[], byte[]> { Key = [], Value = null! }, Stop);
        }

        var broker = await kafka.OpenAsync();
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch();
        batch.Reset(0);
        while (batch.Count < 2) await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromSeconds(5), Stop);

        var (first, second) = (batch.Records[0], batch.Records[1]);
        Assert.True(first.IsAppendTime);
        Assert.True(first.TimestampMs > 1_000_000_000_000);
        Assert.Equal(-1, first.KeyLength);
        Assert.Equal(1, first.ValueLength);
        byte[] expected = [5, 0, .. "trace"u8, 3, 0, 0, 0, 1, 2, 3, 4, 0, .. "none"u8, 255, 255, 255, 255];
        Assert.Equal(expected, batch.Headers(first).ToArray());
        Assert.Equal(0, second.KeyLength);
        Assert.Equal(-1, second.ValueLength);
        Assert.Equal(0, second.HeadersLength);
    }

    // The client may drop the partition and make it anew then; its records would come past their reader. The shard must get a fresh client at its next take-over.
    [Fact]
    public async Task Topic_sought_twice_before_the_client_knows_it_is_read_all_the_same()
    {
        await using var kafka = await RealKafka.StartAsync(partitions: 8);
        for (var p = 0; p < 8; p++) await kafka.WriteEventsAsync(p, 0, 3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(ReadAsync));

        async Task ReadAsync(int partition)
        {
            var broker = await kafka.OpenAsync(partition);
            await broker.SeekAsync(SourceTopic.Events, 0, Stop);
            for (var tries = 0; ; tries++)
            {
                try
                {
                    Assert.Equal(["event 0", "event 1", "event 2"], (await broker.ReadToEndAsync(SourceTopic.Events, 0)).Values);
                    return;
                }
                catch (BrokerUnavailableException) when (tries < 20)
                {
                    await Task.Delay(500, Stop);
                    await broker.InitTransactionsAsync(Stop);
                }
            }
        }
    }

    [Fact]
    public async Task Transaction_that_another_producer_leaves_open_shows_as_lag()
    {
        await using var kafka = await RealKafka.StartAsync();
        await kafka.WriteEventsAsync(0, 0, 3);
        var config = new ProducerConfig { BootstrapServers = kafka.Options.BootstrapServers, TransactionalId = kafka.Options.GroupId + "-foreign" };
        using var foreign = new ProducerBuilder<byte[], byte[]>(config).Build();
        foreign.InitTransactions(TimeSpan.FromSeconds(20));
        foreign.BeginTransaction();
        await foreign.ProduceAsync(new TopicPartition(kafka.Options.Topics.Events, 0), new Message<byte[], byte[]> { Key = "k"u8.ToArray(), Value = "open"u8.ToArray() }, Stop);
        await kafka.WriteEventsAsync(0, 3, 4);

        var broker = await kafka.OpenAsync();
        var (values, last) = await broker.ReadToEndAsync(SourceTopic.Events, 0);
        Assert.Equal((3, 3), (values.Count, last.NextOffset)); // stable records alone
        Assert.Equal(5, Lag(kafka.Options.Topics.Events)); // what an alarm sees, and what stays where it is
        foreign.AbortTransaction(TimeSpan.FromSeconds(20));
        var (rest, _) = await broker.ContinueToEndAsync(SourceTopic.Events, 3);
        Assert.Equal(4, rest.Count);
        Assert.Equal(0, Lag(kafka.Options.Topics.Events));
        await broker.DisposeAsync();
    }

    private static long Lag(string topic)
    {
        long lag = -1;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "streaming_kafka_lag_records") l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var (key, tag) in tags)
                if (key == "topic" && (string?)tag == topic) lag = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return lag;
    }

    [Fact]
    public async Task Record_that_unpacks_to_sixty_megabytes_takes_no_more_room_than_is_kept_of_it()
    {
        await using var kafka = await RealKafka.StartAsync();
        var config = new ProducerConfig { BootstrapServers = kafka.Options.BootstrapServers, CompressionType = CompressionType.Gzip, MessageMaxBytes = 100_000_000 };
        using (var producer = new ProducerBuilder<byte[], byte[]>(config).Build())
        {
            var topic = new TopicPartition(kafka.Options.Topics.Events, 0);
            await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Key = "k"u8.ToArray(), Value = new byte[60_000_000] }, Stop);
            await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Key = "k"u8.ToArray(), Value = "behind"u8.ToArray() }, Stop);
        }

        var broker = await kafka.OpenAsync();
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch { MaxValueBytes = RecordBatch.MaxEventValueBytes };
        batch.Reset(0);
        for (var n = 0; batch.Count < 2; n++)
        {
            Assert.True(n < 60, "not read");
            await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromSeconds(1), Stop);
        }

        Assert.Equal((RecordBatch.MaxEventValueBytes, 60_000_000), (batch.Records[0].ValueLength, batch.Records[0].FullValueLength));
        Assert.Equal("behind"u8, batch.Value(batch.Records[1]));
        Assert.InRange(batch.Bytes.Length, 1, 3 * 1024 * 1024);
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Seek_back_and_forth_reads_each_offset_once_and_nothing_stale()
    {
        await using var kafka = await RealKafka.StartAsync();
        await kafka.WriteEventsAsync(0, 0, 20_000);
        var broker = await kafka.OpenAsync();
        var batch = new RecordBatch();
        foreach (var from in new[] { 15_000, 0, 19_990, 7, 3 })
        {
            await broker.SeekAsync(SourceTopic.Events, from, Stop);
            var next = (long)from;
            // Part of it only: prefetched records of this position must not reach the next one.
            while (next < Math.Min(from + 2_000, 20_000))
            {
                batch.Reset(next);
                await broker.ReadAsync(SourceTopic.Events, batch, 700, TimeSpan.FromSeconds(5), Stop);
                foreach (var record in batch.Records) Assert.Equal(next++, record.Offset);
                Assert.Equal(next, batch.NextOffset);
            }
        }

        var (values, last) = await broker.ReadToEndAsync(SourceTopic.Events, 0);
        Assert.Equal(20_000, values.Count);
        Assert.Equal("event 19999", values[^1]);
        Assert.Equal(20_000, last.NextOffset);
    }

    [Fact]
    public async Task Batch_tells_how_far_behind_the_end_it_ends()
    {
        await using var kafka = await RealKafka.StartAsync();
        await kafka.WriteEventsAsync(0, 0, 5_000);
        var broker = await kafka.OpenAsync();
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch();
        batch.Reset(0);
        while (batch.Count < 100) await broker.ReadAsync(SourceTopic.Events, batch, 100, TimeSpan.FromSeconds(5), Stop);
        Assert.Equal((100, 4_900), (batch.NextOffset, batch.Behind));
        var (_, last) = await broker.ContinueToEndAsync(SourceTopic.Events, 100);
        Assert.Equal(0, last.Behind);
    }

    [Fact]
    public async Task Shards_of_one_node_read_their_own_partition()
    {
        await using var kafka = await RealKafka.StartAsync(4);
        for (var p = 0; p < 4; p++) await kafka.WriteEventsAsync(p, p * 1_000, 500);
        var brokers = new List<IShardBroker>();
        for (var p = 0; p < 4; p++) brokers.Add(await kafka.OpenAsync(p));

        var reads = await Task.WhenAll(brokers.Select(broker => broker.ReadToEndAsync(SourceTopic.Events, 0)));

        for (var p = 0; p < 4; p++)
            Assert.Equal(Enumerable.Range(p * 1_000, 500).Select(i => $"event {i}"), reads[p].Values);
        await brokers[1].DisposeAsync();
        var again = await kafka.OpenAsync(1);
        Assert.Equal(500, (await again.ReadToEndAsync(SourceTopic.Events, 0)).Values.Count);
    }

    [Fact]
    public async Task Waiting_read_wakes_when_a_record_arrives()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        var (_, last) = await broker.ReadToEndAsync(SourceTopic.Events, 0);
        var batch = new RecordBatch();
        batch.Reset(last.NextOffset);
        var read = broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromSeconds(60), Stop).AsTask();
        await kafka.WriteEventsAsync(0, 1, 1);
        await read;
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public async Task Empty_read_returns_after_its_wait_and_says_that_the_end_is_reached()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.ReadToEndAsync(SourceTopic.Links, 0);
        var batch = new RecordBatch();
        batch.Reset(0);
        await broker.ReadAsync(SourceTopic.Links, batch, 10, TimeSpan.Zero, Stop);
        Assert.True(batch.AtEnd);
        await broker.ReadAsync(SourceTopic.Links, batch, 10, TimeSpan.FromMilliseconds(30), Stop);
        Assert.True(batch.AtEnd);
        Assert.Equal(0, batch.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_000)]
    public async Task Offset_out_of_range_is_truncation_and_stays_so(long from)
    {
        await using var kafka = await RealKafka.StartAsync();
        await kafka.WriteEventsAsync(0, 0, 10);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.Options.BootstrapServers }).Build();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(kafka.Options.Topics.Events, 0, 5)]);
        var broker = await kafka.OpenAsync();
        await broker.SeekAsync(SourceTopic.Events, from, Stop);
        var batch = new RecordBatch();
        for (var i = 0; i < 2; i++)
        {
            batch.Reset(from);
            await Assert.ThrowsAsync<LogTruncatedException>(async () => await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromSeconds(20), Stop));
        }

        var bounds = await broker.ReadBoundsAsync(SourceTopic.Events, Stop);
        Assert.Equal(5, bounds.LogStart);
        Assert.Equal(5, (await broker.ReadToEndAsync(SourceTopic.Events, bounds.LogStart)).Values.Count);
    }

    [Fact]
    public async Task Batch_that_starts_elsewhere_is_a_bug_and_says_so()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch();
        batch.Reset(5);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.Zero, Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await kafka.OpenAsync());
    }
}
