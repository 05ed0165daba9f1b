namespace Streaming.Kafka.Native;

/// <summary>Error codes of librdkafka and the protocol that decide something here (rdkafka.h, rd_kafka_resp_err_t).</summary>
internal static class RdError
{
    public const int None = 0;
    public const int BadMessage = -199;
    public const int BadCompression = -198;
    public const int Transport = -195;
    public const int MessageTimedOut = -192;
    public const int PartitionEof = -191;
    public const int UnknownPartition = -190;
    public const int UnknownTopicLocal = -188;
    public const int AllBrokersDown = -187;
    public const int TimedOut = -185;
    public const int QueueFull = -184;
    public const int PurgeQueue = -152;
    public const int PurgeInflight = -151;
    public const int Fatal = -150;
    public const int Fenced = -144;
    public const int AutoOffsetReset = -140;
    public const int OffsetOutOfRange = 1;
    public const int InvalidMessage = 2;
    public const int UnknownTopicOrPartition = 3;
    public const int LeaderNotAvailable = 5;
    public const int MessageTooLarge = 10;
    public const int RecordListTooLarge = 18;
    public const int TopicAuthorizationFailed = 29;
    public const int GroupAuthorizationFailed = 30;
    public const int InvalidProducerEpoch = 47;
    public const int TransactionalIdAuthorizationFailed = 53;
    public const int InvalidRecord = 87;
    public const int ProducerFenced = 90;
    public const int UnknownTopicId = 100;
    public const int InconsistentTopicId = 103;

    /// <summary>The code's name, e.g. <c>_TIMED_OUT</c>: what metrics and messages carry.</summary>
    public static unsafe string Name(int code) => Utf8.ToString(Rd.ErrorName(code));

    /// <summary>The code's explanation.</summary>
    public static unsafe string Text(int code) => Utf8.ToString(Rd.ErrorText(code));
}
