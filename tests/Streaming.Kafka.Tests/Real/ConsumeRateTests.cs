using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests.Real;

public sealed class ConsumeRateTests
{
    private const int Records = 400_000;

    /// <summary>A comparison to be read, never asserted: how fast prefetched records leave the client by batches and by Consume().</summary>
    [Fact]
    public async Task Batch_read_beside_Consume()
    {
        await using var kafka = await RealKafka.StartAsync(1);
        var stop = RealKafka.Stop;
        await using (var writer = kafka.Writer())
        {
            var value = Encoding.UTF8.GetBytes(new string('v', 120));
            for (var i = 0; i < Records; i++) writer.Write(kafka.Options.Topics.Events, 0, "user-123"u8, value, isTombstone: false);
            await writer.FlushAsync(stop);
        }

        var single = Consume(kafka.Options);
        var (batched, bytes) = await BatchAsync(kafka);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Records} records: batches {batched.TotalSeconds:F2} s, {bytes / (double)Records:F1} B allocated a record; Consume() {single.TotalSeconds:F2} s; ratio {single / batched:F2}");
    }

    private static async Task<(TimeSpan Elapsed, long Allocated)> BatchAsync(RealKafka kafka)
    {
        var broker = await kafka.OpenAsync();
        var batch = new RecordBatch();
        var start = Stopwatch.GetTimestamp();
        await broker.SeekAsync(SourceTopic.Events, 0, RealKafka.Stop);
        long next = 0, before = GC.GetTotalAllocatedBytes();
        while (next < Records)
        {
            batch.Reset(next);
            await broker.ReadAsync(SourceTopic.Events, batch, 4_096, TimeSpan.FromSeconds(10), RealKafka.Stop);
            next = batch.NextOffset;
        }

        return (Stopwatch.GetElapsedTime(start), GC.GetTotalAllocatedBytes() - before);
    }

    private static TimeSpan Consume(KafkaOptions options)
    {
        var config = new ConsumerConfig(KafkaClientProperties.Consumer(options, "single", 1)) { ConsumeResultFields = "none" };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        var start = Stopwatch.GetTimestamp();
        consumer.Assign(new TopicPartitionOffset(options.Topics.Events, 0, 0));
        for (var seen = 0; seen < Records;)
            if (consumer.Consume(TimeSpan.FromSeconds(10)) is { IsPartitionEOF: false }) seen++;
        return Stopwatch.GetElapsedTime(start);
    }
}
