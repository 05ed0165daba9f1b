using Streaming.Core.Errors;
using Streaming.Kafka.Native;

namespace Streaming.Kafka.Tests;

/// <summary>What each answer of the client makes the engine do. A code that lands in the wrong row loses records, or stops a shard for a person without need.</summary>
public sealed class ErrorMapperTests
{
    [Theory]
    [InlineData(RdError.TimedOut, true)]
    [InlineData(RdError.AllBrokersDown, true)] // what a client that lost its way says of bounds, though its metadata is answered
    [InlineData(RdError.Transport, true)]
    [InlineData(RdError.None, false)]
    [InlineData(RdError.UnknownPartition, true)] // its picture of the cluster is that of a broker that had just started
    [InlineData(6, false)] // NOT_LEADER_OR_FOLLOWER
    public void What_a_client_is_replaced_for(int code, bool isOfLostClient) => Assert.Equal(isOfLostClient, ErrorMapper.IsOfLostClient(code));

    [Theory]
    [InlineData(RdError.AutoOffsetReset, ErrorAction.Fatal)]
    [InlineData(RdError.OffsetOutOfRange, ErrorAction.Fatal)]
    [InlineData(RdError.UnknownTopicOrPartition, ErrorAction.Fatal)]
    [InlineData(RdError.UnknownPartition, ErrorAction.Fatal)]
    [InlineData(RdError.UnknownTopicLocal, ErrorAction.Fatal)]
    [InlineData(RdError.UnknownTopicId, ErrorAction.Fatal)]
    [InlineData(RdError.InconsistentTopicId, ErrorAction.Fatal)]
    [InlineData(RdError.BadMessage, ErrorAction.Fatal)]
    [InlineData(RdError.BadCompression, ErrorAction.Fatal)]
    [InlineData(RdError.InvalidMessage, ErrorAction.Fatal)]
    [InlineData(RdError.AllBrokersDown, ErrorAction.Retry)]
    [InlineData(RdError.TimedOut, ErrorAction.Retry)]
    [InlineData(5, ErrorAction.Retry)] // LEADER_NOT_AVAILABLE
    [InlineData(6, ErrorAction.Retry)] // NOT_LEADER_OR_FOLLOWER
    [InlineData(12345, ErrorAction.Retry)] // one that no client knows yet
    public void Error_in_place_of_a_record(int code, ErrorAction action)
    {
        var error = ErrorMapper.OfRead("events", 3, 17, code, "text");
        Assert.Equal(action, error.Action);
        foreach (var part in (string[])["events", "[3]", "17", "text"]) Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RdError.Fenced, false)]
    [InlineData(RdError.ProducerFenced, false)]
    [InlineData(RdError.InvalidProducerEpoch, false)]
    [InlineData(RdError.TimedOut, true)]
    [InlineData(RdError.AllBrokersDown, true)]
    [InlineData(RdError.UnknownTopicOrPartition, true)] // a partition without a reachable leader looks like this
    [InlineData(14, true)] // COORDINATOR_LOAD_IN_PROGRESS
    [InlineData(15, true)] // COORDINATOR_NOT_AVAILABLE
    [InlineData(16, true)] // NOT_COORDINATOR
    [InlineData(51, true)] // CONCURRENT_TRANSACTIONS
    public void Call_that_changes_nothing_by_itself(int code, bool isPassing)
    {
        var error = ErrorMapper.OfRequest("initialising", new RdFailure(code, "text", false, false, false));
        if (isPassing) Assert.IsType<BrokerUnavailableException>(error);
        else Assert.IsType<FencedException>(error);
        Assert.Equal(isPassing ? ErrorAction.Retry : ErrorAction.StopAndBackOff, error.Action);
    }

    [Theory]
    [InlineData(RdError.Fenced, RdError.None, false)]
    [InlineData(RdError.ProducerFenced, RdError.None, false)]
    [InlineData(RdError.Fatal, RdError.Fenced, false)]
    [InlineData(RdError.Fatal, RdError.InvalidProducerEpoch, false)]
    [InlineData(RdError.Fatal, RdError.TimedOut, true)] // fatal to the client, and for all we know the commit went through
    [InlineData(RdError.TimedOut, RdError.None, true)]
    [InlineData(RdError.AllBrokersDown, RdError.None, true)]
    [InlineData(16, RdError.None, true)] // NOT_COORDINATOR
    [InlineData(48, RdError.None, true)] // INVALID_TXN_STATE
    [InlineData(12345, RdError.None, true)]
    public void Call_after_which_the_outcome_is_open_unless_a_newer_owner_fenced_it(int code, int fatal, bool isOpen)
    {
        var error = ErrorMapper.OfOutcome("commit", new RdFailure(code, "text", false, false, false), fatal == RdError.None ? null : new RdFailure(fatal, "fatal", true, false, false));
        Assert.Equal(isOpen ? ErrorAction.TakeOverAgain : ErrorAction.StopAndBackOff, error.Action);
        if (isOpen) Assert.IsType<IndefiniteOutcomeException>(error);
        else Assert.IsType<FencedException>(error);
    }

    [Theory]
    [InlineData(RdError.MessageTooLarge, true)]
    [InlineData(RdError.RecordListTooLarge, true)]
    [InlineData(RdError.InvalidRecord, true)]
    [InlineData(RdError.TopicAuthorizationFailed, true)]
    [InlineData(RdError.GroupAuthorizationFailed, true)]
    [InlineData(RdError.TransactionalIdAuthorizationFailed, true)]
    [InlineData(RdError.UnknownTopicOrPartition, true)]
    [InlineData(RdError.MessageTimedOut, false)]
    [InlineData(RdError.PurgeQueue, false)]
    [InlineData(19, false)] // NOT_ENOUGH_REPLICAS
    [InlineData(56, false)] // KAFKA_STORAGE_ERROR
    public void Record_that_was_not_delivered(int code, bool isRefused)
    {
        var error = ErrorMapper.OfDelivery("events", code);
        if (isRefused) Assert.IsType<RecordRejectedException>(error);
        else Assert.IsType<BrokerUnavailableException>(error);
    }
}
