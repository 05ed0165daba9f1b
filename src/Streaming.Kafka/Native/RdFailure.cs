namespace Streaming.Kafka.Native;

/// <summary>A failure that a call of librdkafka reported, copied out of its rd_kafka_error_t.</summary>
internal sealed record RdFailure(int Code, string Text, bool IsFatal, bool IsRetriable, bool RequiresAbort)
{
    /// <summary>Copies and frees an error; null where the pointer is null (success).</summary>
    public static unsafe RdFailure? Take(nint error)
    {
        if (error == 0) return null;
        var failure = new RdFailure(Rd.ErrorCode(error), Utf8.ToString(Rd.ErrorString(error)), Rd.ErrorIsFatal(error) != 0,
            Rd.ErrorIsRetriable(error) != 0, Rd.ErrorRequiresAbort(error) != 0);
        Rd.ErrorDestroy(error);
        return failure;
    }

    /// <summary>Another producer owns the transactional id now.</summary>
    public bool IsFenced => Code is RdError.Fenced or RdError.ProducerFenced or RdError.InvalidProducerEpoch;

    /// <summary>Nothing was heard in time.</summary>
    public bool IsUnanswered => Code is RdError.TimedOut;

    /// <inheritdoc/>
    public override string ToString() => $"{RdError.Name(Code)}: {Text}";
}
