using System.Text;
using Streaming.Core.Events;

namespace Streaming.Core.Tests.Decode;

/// <summary>murmur2 against Kafka's own: every part of this program that asks for a partition asks this one function, so that nothing else here would notice a wrong hash.</summary>
public sealed class Murmur2Tests
{
    // org.apache.kafka.common.utils.UtilsTest.testMurmur2
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_is_the_one_that_kafka_publishes(string key, int hash) => Assert.Equal(hash, Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    // A negative hash loses its sign bit before the remainder is taken (Utils.toPositive).
    [Theory]
    [InlineData("21", 7, 3)]
    [InlineData("foobar", 64, 62)]
    [InlineData("abc", 12, 3)]
    public void Partition_is_the_remainder_of_the_hash_without_its_sign(string key, int partitions, int partition) => Assert.Equal(partition, Murmur2.Partition(Encoding.UTF8.GetBytes(key), partitions));
}
