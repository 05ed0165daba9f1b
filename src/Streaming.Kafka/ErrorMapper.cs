using Streaming.Core.Errors;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>Turns what librdkafka reports into the engine's errors, each of which says what to do.</summary>
internal static class ErrorMapper
{
    /// <summary>An error in place of a record.</summary>
    public static EngineException OfRead(string topic, int partition, long position, int code, string text)
    {
        var where = $"{topic} [{partition}] at offset {position}: {RdError.Name(code)}: {text}";
        return code switch
        {
            RdError.AutoOffsetReset or RdError.OffsetOutOfRange => new LogTruncatedException($"records still needed are gone: {where}"),
            RdError.UnknownTopicOrPartition or RdError.UnknownPartition or RdError.UnknownTopicLocal or RdError.UnknownTopicId or RdError.InconsistentTopicId
                => new LogTruncatedException($"the topic is gone or is another one than before: {where}"),
            // The client skips a batch whose checksum is wrong; going on would lose its records silently.
            RdError.BadMessage or RdError.BadCompression or RdError.InvalidMessage => new LogTruncatedException($"corrupt records: {where}"),
            _ => new BrokerUnavailableException(where),
        };
    }

    /// <summary>
    /// A failed call that changes nothing by itself (offsets, bounds, assignment, initialising). Unknown topics and partitions too may pass: that is how a
    /// partition without a reachable leader looks.
    /// </summary>
    public static EngineException OfRequest(string what, RdFailure failure)
    {
        return failure.IsFenced ? new FencedException($"{what}: {failure}") : new BrokerUnavailableException($"{what}: {failure}");
    }

    /// <summary>A record that was not delivered by a producer without transactions.</summary>
    public static EngineException OfDelivery(string what, int code)
    {
        var text = $"{what}: {RdError.Name(code)}: {RdError.Text(code)}";
        return IsRefusal(code) ? new RecordRejectedException(text) : new BrokerUnavailableException(text);
    }

    /// <summary>A failed call that changes nothing by itself, known by its code alone.</summary>
    public static EngineException OfRequest(string what, int code) => OfRequest(what, new RdFailure(code, RdError.Text(code), false, false, false));

    /// <summary>A failed send-offsets, commit or abort that leaves the transaction's outcome open.</summary>
    public static EngineException OfOutcome(string what, RdFailure failure, RdFailure? fatal)
    {
        if (failure.IsFenced || fatal is { IsFenced: true }) return new FencedException($"{what}: {fatal ?? failure}");
        return new IndefiniteOutcomeException($"{what}: {failure}");
    }

    /// <summary>True for what a client says that lost its way to brokers which a fresh one finds at once: none answered a request that was waited for, or its picture of the cluster is an outdated one.</summary>
    public static bool IsOfLostClient(int code) => code is RdError.TimedOut or RdError.AllBrokersDown or RdError.Transport || IsUnknown(code);

    /// <summary>True where the client's picture of the cluster lacks a partition.</summary>
    public static bool IsUnknown(int code) => code is RdError.UnknownPartition or RdError.UnknownTopicLocal or RdError.UnknownTopicOrPartition;

    /// <summary>True for answers about a record, topic or right that stay the same however often it is tried.</summary>
    public static bool IsRefusal(int code) => code is RdError.MessageTooLarge or RdError.RecordListTooLarge or RdError.InvalidRecord
        or RdError.TopicAuthorizationFailed or RdError.GroupAuthorizationFailed or RdError.TransactionalIdAuthorizationFailed
        or RdError.UnknownTopicLocal or RdError.UnknownPartition or RdError.UnknownTopicOrPartition;
}
