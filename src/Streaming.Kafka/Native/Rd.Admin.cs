using System.Runtime.InteropServices;

namespace Streaming.Kafka.Native;

internal static unsafe partial class Rd
{
    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_new")]
    public static partial nint QueueNew(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint QueuePoll(nint queue, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_error")]
    public static partial int EventError(nint @event);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void EventDestroy(nint @event);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_new")]
    public static partial nint AdminOptionsNew(nint client, int operation);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_destroy")]
    public static partial void AdminOptionsDestroy(nint options);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_set_request_timeout")]
    public static partial int AdminOptionsSetTimeout(nint options, int timeoutMs, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_AdminOptions_set_require_stable_offsets")]
    public static partial nint AdminOptionsSetStable(nint options, int isRequired);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ListConsumerGroupOffsets_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GroupOffsetsRequestNew(string group, RdTopicPartitionList* list);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ListConsumerGroupOffsets_destroy")]
    public static partial void GroupOffsetsRequestDestroy(nint request);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ListConsumerGroupOffsets")]
    public static partial void ListGroupOffsets(nint client, nint* requests, nuint count, nint options, nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_ListConsumerGroupOffsets_result")]
    public static partial nint EventGroupOffsets(nint @event);

    [LibraryImport(Library, EntryPoint = "rd_kafka_ListConsumerGroupOffsets_result_groups")]
    public static partial nint* GroupOffsetsGroups(nint result, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_group_result_error")]
    public static partial nint GroupError(nint group);

    [LibraryImport(Library, EntryPoint = "rd_kafka_group_result_partitions")]
    public static partial RdTopicPartitionList* GroupPartitions(nint group);
}
