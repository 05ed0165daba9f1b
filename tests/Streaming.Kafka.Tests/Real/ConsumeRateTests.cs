using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests.Real;

public sealed class ConsumeRateTests
{
    private const int Records = 80_000, Chunk = 2_000;

    /// <summary>A comparison to be read, never asserted: what a prefetched record costs by batches and by Consume(). Medians of chunks, so that a busy machine disturbs little.</summary>
    [Fact]
    public async Task Batch_read_beside_Consume()
    {
        await using var kafka = await RealKafka.StartAsync(1);
        await using (var writer = kafka.Writer())
        {
            var value = Encoding.UTF8.GetBytes(new string('v', 120));
            for (var i = 0; i < Records; i++) writer.Write(kafka.Options.Topics.Events, 0, "user-123"u8, value, isTombstone: false);
            await writer.FlushAsync(RealKafka.Stop);
        }

        var single = await ConsumeAsync(kafka.Options);
        var batched = await BatchAsync(kafka);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"a prefetched record: batches {batched.Nanoseconds:F0} ns, {batched.Bytes:F1} B allocated; Consume() {single.Nanoseconds:F0} ns, {single.Bytes:F1} B; ratio {single.Nanoseconds / batched.Nanoseconds:F1}");
    }

    private static async Task<(double Nanoseconds, double Bytes)> BatchAsync(RealKafka kafka)
    {
        var broker = await kafka.OpenAsync();
        var batch = new RecordBatch();
        await broker.SeekAsync(SourceTopic.Events, 0, RealKafka.Stop);
        batch.Reset(0);
        await broker.ReadAsync(SourceTopic.Events, batch, 1, TimeSpan.FromSeconds(30), RealKafka.Stop);
        await PrefetchAsync();
        return Measure(() =>
        {
            batch.Reset(batch.NextOffset);
            var read = broker.ReadAsync(SourceTopic.Events, batch, Chunk, TimeSpan.Zero, RealKafka.Stop);
            Assert.True(read.IsCompletedSuccessfully);
            return batch.Count;
        });
    }

    private static async Task<(double Nanoseconds, double Bytes)> ConsumeAsync(KafkaOptions options)
    {
        var config = new ConsumerConfig(KafkaClientProperties.Consumer(options, "single", 1)) { ConsumeResultFields = "none" };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Assign(new TopicPartitionOffset(options.Topics.Events, 0, 0));
        consumer.Consume(TimeSpan.FromSeconds(30));
        await PrefetchAsync();
        return Measure(() =>
        {
            var seen = 0;
            while (seen < Chunk && consumer.Consume(TimeSpan.Zero) is { IsPartitionEOF: false }) seen++;
            return seen;
        });
    }

    private static Task PrefetchAsync() => Task.Delay(TimeSpan.FromSeconds(3), RealKafka.Stop);

    private static (double Nanoseconds, double Bytes) Measure(Func<int> readChunk)
    {
        readChunk();
        var times = new List<double>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        long records = 0;
        for (var i = 0; i < (Records / Chunk) - 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var count = readChunk();
            if (count > 0) times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);
            records += count;
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        times.Sort();
        return (times.Count == 0 ? double.NaN : times[times.Count / 2], bytes / (double)Math.Max(1, records));
    }
}
