using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Events;

namespace Streaming.Kafka.Tests.Real;

/// <summary>Where producers that know nothing of this program put their records.</summary>
public sealed class PartitionerTests
{
    private const int Partitions = 3, Users = 300;

    [Fact]
    public async Task Producer_with_murmur2_writes_every_key_to_the_partition_that_the_decoder_expects() => Assert.Equal(0, await StrayAsync(Partitioner.Murmur2Random));

    // librdkafka's default is another hash (CRC32): two keys in three stray, and each of them is a dead letter of its own reason (PoisonTests).
    [Fact]
    public async Task Producer_with_librdkafkas_default_writes_keys_elsewhere() => Assert.InRange(await StrayAsync(Partitioner.ConsistentRandom), Users / 3, Users - 1);

    private static async Task<int> StrayAsync(Partitioner partitioner)
    {
        await using var kafka = await RealKafka.StartAsync(Partitions);
        var topic = kafka.Options.Topics.Sessions;
        using (var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.Options.BootstrapServers, Partitioner = partitioner }).Build())
        {
            for (var i = 0; i < Users; i++) producer.Produce(topic, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes($"u{i:D3}用户"), Value = [] });
            producer.Flush(RealKafka.Stop);
        }

        var (seen, stray) = (0, 0);
        await using var reader = await KafkaTopicReader.OpenAsync(kafka.Options, topic, [0, 1, 2], null, NullLogger<KafkaTopicReader>.Instance, RealKafka.Stop);
        await reader.ReadToAsync(null, (partition, batch) =>
        {
            foreach (var record in batch.Records)
            {
                seen++;
                if (Murmur2.Partition(batch.Key(record), Partitions) != partition) stray++;
            }

            return default;
        }, 1_000, RealKafka.Stop);
        Assert.Equal(Users, seen);
        return stray;
    }
}
