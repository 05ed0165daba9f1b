using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests.Real;

public sealed class WriterReaderTests
{
    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task What_is_written_is_read_from_the_partition_that_murmur2_says()
    {
        await using var kafka = await RealKafka.StartAsync(3);
        const int count = 30_000;
        await using (var writer = kafka.Writer())
        {
            for (var i = 0; i < count; i++) writer.Write(kafka.Options.Topics.Sessions, 3, Encoding.UTF8.GetBytes($"u{i % 997}"), Encoding.UTF8.GetBytes($"{i}"));
            await writer.FlushAsync(Stop);
            Assert.Equal(count, writer.Written);
        }

        await using var reader = await KafkaTopicReader.OpenAsync(kafka.Options, kafka.Options.Topics.Sessions, [0, 1, 2], null, NullLogger<KafkaTopicReader>.Instance, Stop);
        Assert.Equal(count, reader.Bounds.Values.Sum(bounds => bounds.StableEnd - bounds.LogStart));
        var seen = new bool[count];
        var lastOfKey = new Dictionary<string, int>();
        await reader.ReadToAsync(null, (partition, batch) =>
        {
            foreach (var record in batch.Records)
            {
                Assert.Equal(partition, Murmur2.Partition(batch.Key(record), 3));
                var number = int.Parse(batch.Value(record));
                var key = Encoding.UTF8.GetString(batch.Key(record));
                Assert.False(seen[number]);
                Assert.True(lastOfKey.GetValueOrDefault(key, -1) < number);
                lastOfKey[key] = number;
                seen[number] = true;
            }

            return default;
        }, 4_000, Stop);
        Assert.All(seen, Assert.True);
    }

    [Fact]
    public async Task Reader_starts_where_told_skips_aborted_records_and_follows_new_ones()
    {
        await using var kafka = await RealKafka.StartAsync();
        var names = kafka.Options.Topics;
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        await TransactAsync(broker, "one", commit: true);
        await TransactAsync(broker, "aborted", commit: false);
        await TransactAsync(broker, "two", commit: true);
        await using var log = new KafkaLogReader(kafka.Options, NullLogger<KafkaLogReader>.Instance);
        // The coordinator answers a commit before its marker is in the topic.
        while ((await log.BoundsAsync(names.Recommendations, 0, Stop)).StableEnd < 6) await Task.Delay(20, Stop);

        await using var reader = await KafkaTopicReader.OpenAsync(kafka.Options, names.Recommendations, [0, 1], new Dictionary<int, long> { [0] = 1 },
            NullLogger<KafkaTopicReader>.Instance, Stop);
        var values = new List<string>();
        await reader.ReadToAsync(null, (_, batch) =>
        {
            foreach (var record in batch.Records) values.Add(Encoding.UTF8.GetString(batch.Value(record)));
            return default;
        }, 100, Stop);
        Assert.Equal(["two"], values);
        Assert.Equal(6, reader.Position(0));

        foreach (var (from, expected) in new[] { (0L, new[] { "one", "two" }), (1L, ["two"]) })
        {
            var read = new List<string>();
            await foreach (var records in log.ReadAsync(names.Recommendations, 0, from, (await log.BoundsAsync(names.Recommendations, 0, Stop)).StableEnd, 100, Stop))
            {
                foreach (var record in records.Records.ToArray()) read.Add(Encoding.UTF8.GetString(records.Value(record)));
            }

            Assert.Equal(expected, read);
        }

        await TransactAsync(broker, "three", commit: true);
        var batch = new RecordBatch();
        int partition;
        do partition = await reader.ReadAsync(batch, 100, TimeSpan.FromSeconds(20), Stop);
        while (partition >= 0 && batch.Count == 0);
        Assert.Equal("three", Encoding.UTF8.GetString(batch.Value(batch.Records[0])));
    }

    [Fact]
    public async Task Writer_surfaces_a_record_that_is_refused()
    {
        await using var kafka = await RealKafka.StartAsync();
        await using var writer = kafka.Writer();
        Assert.Throws<RecordRejectedException>(() => writer.Write(kafka.Options.Topics.Events, 0, default, new byte[2_000_000], isTombstone: false));
        await using var other = kafka.Writer();
        other.Write(kafka.Options.Topics.Events, 99, default, "x"u8, isTombstone: false);
        await Assert.ThrowsAsync<RecordRejectedException>(async () => await other.FlushAsync(Stop));
        Assert.Throws<RecordRejectedException>(() => other.Write(kafka.Options.Topics.Events, 0, default, "x"u8, isTombstone: false));
    }

    [Fact]
    public async Task Tombstone_has_no_value_and_an_empty_value_is_one()
    {
        await using var kafka = await RealKafka.StartAsync();
        await using (var writer = kafka.Writer())
        {
            writer.Write(kafka.Options.Topics.Catalog, 0, "i1"u8, default, isTombstone: true);
            writer.Write(kafka.Options.Topics.Catalog, 0, "i1"u8, default, isTombstone: false);
            await writer.FlushAsync(Stop);
        }

        await using var reader = await KafkaTopicReader.OpenAsync(kafka.Options, kafka.Options.Topics.Catalog, [0], null, NullLogger<KafkaTopicReader>.Instance, Stop);
        var lengths = new List<int>();
        await reader.ReadToAsync(null, (_, batch) =>
        {
            foreach (var record in batch.Records) lengths.Add(record.ValueLength);
            return default;
        }, 10, Stop);
        Assert.Equal([-1, 0], lengths);
    }

    private static async Task TransactAsync(IShardBroker broker, string value, bool commit)
    {
        broker.Begin();
        broker.Produce(OutputTopic.Recommendations, 0, "u"u8, Encoding.UTF8.GetBytes(value));
        await broker.FlushAsync(Stop); // an abort drops what was not sent yet, and the test counts on its record and marker
        await broker.SendOffsetsAsync(new ShardOffsets(1, 0, 0), 1, Stop);
        if (commit) await broker.CommitAsync(Stop);
        else await broker.AbortAsync(Stop);
    }
}
