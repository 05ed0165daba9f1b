namespace Streaming.Core.Events;

/// <summary>Kafka's default partitioner for keyed records (the Java clients' murmur2), so that any producer's choice of partition can be checked.</summary>
public static class Murmur2
{
    /// <summary>Partition that owns a record key among a number of partitions.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)((uint)Hash(key) & 0x7fffffff) % partitions;

    /// <summary>murmur2 with Kafka's seed, 32 bits (org.apache.kafka.common.utils.Utils.murmur2).</summary>
    public static int Hash(ReadOnlySpan<byte> data)
    {
        const uint m = 0x5bd1e995;
        var length = data.Length;
        var h = 0x9747b28cu ^ (uint)length;
        var i = 0;
        for (; i + 4 <= length; i += 4)
        {
            var k = (uint)(data[i] | (data[i + 1] << 8) | (data[i + 2] << 16) | (data[i + 3] << 24));
            k *= m;
            k ^= k >> 24;
            k *= m;
            h *= m;
            h ^= k;
        }

        var rest = length - i;
        if (rest >= 3) h ^= (uint)data[i + 2] << 16;
        if (rest >= 2) h ^= (uint)data[i + 1] << 8;
        if (rest >= 1)
        {
            h ^= data[i];
            h *= m;
        }

        h ^= h >> 13;
        h *= m;
        h ^= h >> 15;
        return (int)h;
    }
}
