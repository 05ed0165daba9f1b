using System.Runtime.InteropServices;

namespace Streaming.Kafka.Native;

/// <summary>What a broker says of the topics that a client has handles of.</summary>
internal static unsafe class TopicLeaders
{
    /// <summary>Asks whether the broker knows every topic and a leader of one partition in each. Null: no answer.</summary>
    public static bool? AreKnown(nint client, int partition, int timeoutMs)
    {
        if (Rd.Metadata(client, 0, 0, out var pointer, timeoutMs) != RdError.None) return null;
        try
        {
            var metadata = (Metadata*)pointer;
            for (var t = 0; t < metadata->TopicCount; t++)
            {
                var topic = metadata->Topics + t;
                if (topic->Err is not RdError.None and not RdError.UnknownTopicOrPartition and not RdError.LeaderNotAvailable) continue; // not allowed, say: what is asked next tells
                if (topic->Err != RdError.None || !HasLeader(topic, partition)) return false;
            }

            return true;
        }
        finally
        {
            Rd.MetadataDestroy(pointer);
        }
    }

    private static bool HasLeader(Topic* topic, int partition)
    {
        for (var p = 0; p < topic->PartitionCount; p++)
        {
            if (topic->Partitions[p].Id == partition) return topic->Partitions[p].Leader >= 0;
        }

        return false;
    }

    // rd_kafka_metadata_t and its parts (rdkafka.h).
    [StructLayout(LayoutKind.Sequential)]
    private struct Metadata
    {
        public int BrokerCount;
        public void* Brokers;
        public int TopicCount;
        public Topic* Topics;
        public int OriginId;
        public byte* OriginName;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Topic
    {
        public byte* Name;
        public int PartitionCount;
        public Partition* Partitions;
        public int Err;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Partition
    {
        public int Id;
        public int Err;
        public int Leader;
        public int ReplicaCount;
        public int* Replicas;
        public int InSyncCount;
        public int* InSync;
    }
}
