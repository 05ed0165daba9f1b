using System.Runtime.InteropServices;

namespace Streaming.Kafka.Native;

/// <summary>rd_kafka_message_t (rdkafka.h), the public head of a message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RdMessage
{
    public int Err;
    public nint Topic;
    public int Partition;
    public byte* Payload;
    public nuint Length;
    public byte* Key;
    public nuint KeyLength;
    public long Offset;
    public nint Private;
}

/// <summary>rd_kafka_topic_partition_t (rdkafka.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RdTopicPartition
{
    public byte* Topic;
    public int Partition;
    public long Offset;
    public void* Metadata;
    public nuint MetadataSize;
    public void* Opaque;
    public int Err;
    public void* Private;
}

/// <summary>rd_kafka_topic_partition_list_t (rdkafka.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RdTopicPartitionList
{
    public int Count;
    public int Size;
    public RdTopicPartition* Elements;
}

/// <summary>rd_kafka_vu_t (rdkafka.h): one argument of a produce call. Which of the overlaid fields counts is told by the type.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct RdValue
{
    public const int Topic = 2, AtPartition = 3, Value = 4, Key = 5, Opaque = 6, Flags = 7, Header = 9;

    [FieldOffset(0)]
    public int Type;
    [FieldOffset(8)]
    public nint Pointer;
    [FieldOffset(8)]
    public int Number;
    [FieldOffset(16)]
    public nuint Length;
    [FieldOffset(16)]
    public byte* HeaderValue;
    [FieldOffset(24)]
    public nint HeaderLength;
}
