using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>
/// One transactional producer of one partition, from its initialisation to the first answer that leaves an outcome open; then it is discarded, never
/// reused: librdkafka lacks KIP-890, and a late commit of an abandoned request may only be stopped by a new epoch (design rule 4.2). The same holds where
/// librdkafka repeated a request by itself (<see cref="RepeatedRequests"/>).
/// Calls that block: <see cref="Init"/>, <see cref="SendOffsets"/>, <see cref="Commit"/>, <see cref="Abort"/>.
/// </summary>
internal sealed unsafe class TransactionalProducer : IDisposable
{
    private const int NoCall = 0, Calling = 1, GivenUp = 2;
    private const int FullQueueWaitMs = 10, MostConnectMs = 1_000, LeaderWaitMs = 50, MinAbortMs = 500, MostLeaderWaitMs = 10_000, MostAskMs = 2_000;
    private readonly NativeClient _client;
    private readonly KafkaOptions _options;
    private readonly ILogger _logger;
    private readonly int _partition;
    private readonly nint _group;
    private readonly nint[] _topics = new nint[OutputTopics.Count];
    private readonly string[] _names = new string[OutputTopics.Count];
    private readonly Dictionary<(OutputTopic Topic, int Partition), long> _written = [];
    private readonly ProduceCall _produce;
    private readonly long[] _records = new long[OutputTopics.Count], _bytes = new long[OutputTopics.Count];
    private readonly RepeatedRequests _repeated = new();
    private CommitReceipt _receipt;
    private bool _isUnanswered, _wasCommitting;
    private int _refusal, _call;
    private long _beganAt;

    public TransactionalProducer(KafkaOptions options, int partition, ILogger logger)
    {
        (_options, _partition, _logger) = (options, partition, logger);
        var properties = KafkaClientProperties.Transactional(options, partition);
        TransactionalId = properties["transactional.id"];
        _client = NativeClient.Producer("shard", properties, logger);
        _client.Delivered = OnDelivered;
        _client.Sent = _repeated.OnSent;
        _produce = new ProduceCall(_client.Handle);
        _group = Rd.GroupMetadataNew(options.GroupId);
        for (var i = 0; i < _topics.Length; i++)
        {
            _names[i] = OutputTopics.NameOf(options.Topics, (OutputTopic)i);
            _topics[i] = Rd.TopicNew(_client.Handle, _names[i], 0);
        }
    }

    private int AskMs => Math.Min(MostAskMs, _options.RequestTimeoutMs);

    /// <summary>transactional.id, the fence.</summary>
    public string TransactionalId { get; }

    /// <summary>Number of the last transaction, which its records and offsets carry.</summary>
    public long Number { get; private set; } = -1;

    /// <summary>Where the last transaction has records, with the offset of the last one there.</summary>
    public void CopyWritten(List<WrittenTo> into)
    {
        into.Clear();
        lock (_written)
        {
            foreach (var ((topic, partition), offset) in _written) into.Add(new WrittenTo(topic, _names[(int)topic], partition, offset));
        }
    }

    /// <summary>True between <see cref="Begin"/> and a certain commit or abort.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True after an outcome was left open: only <see cref="Dispose"/> is allowed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Fences every other owner and settles its open transaction.</summary>
    public void Init()
    {
        var start = Stopwatch.GetTimestamp();
        ConnectFirst();
        if (!AreLeadersKnown(Math.Min(MostLeaderWaitMs, _options.RequestTimeoutMs)))
        {
            IsBroken = true;
            throw new BrokerUnavailableException($"initialising transactions of {TransactionalId}: no broker answers, or it knows no leader of partition {_partition} in one of the topics");
        }

        if (RdFailure.Take(Rd.InitTransactions(_client.Handle, _options.RequestTimeoutMs)) is { } failure)
        {
            IsBroken = true;
            throw ErrorMapper.OfRequest($"initialising transactions of {TransactionalId}", failure);
        }

        KafkaLog.Initialised(_logger, _partition, TransactionalId, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    // A client without a connection finds no coordinator, and asks again only half a second later: half of what a hand-over takes. The first answer gives the brokers' own addresses, for
    // which the connection to the bootstrap address is given up; the second comes over one of theirs. Where no broker answers, the initialisation says so.
    private void ConnectFirst()
    {
        for (var answers = 0; answers < 2; answers++)
        {
            if (Rd.Metadata(_client.Handle, 0, 0, out var metadata, Math.Min(MostConnectMs, _options.RequestTimeoutMs)) != RdError.None) return;
            Rd.MetadataDestroy(metadata);
        }
    }

    private RdFailure? AbortOnceLeadersAreKnown(int timeoutMs)
    {
        var start = Stopwatch.GetTimestamp();
        _ = AreLeadersKnown(timeoutMs); // where they are not, the abort says what is the matter
        return RdFailure.Take(Rd.AbortTransaction(_client.Handle, Math.Max(MinAbortMs, timeoutMs - (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds)));
    }

    // A coordinator that has just started, and is told to end a transaction before it knows the topics, may forget the marker of those that it does not know (Kafka 4.3).
    private bool AreLeadersKnown(int timeoutMs)
    {
        var start = Stopwatch.GetTimestamp();
        while (TopicLeaders.AreKnown(_client.Handle, _partition, Math.Min(MostConnectMs, timeoutMs)) != true)
        {
            if (Stopwatch.GetElapsedTime(start).TotalMilliseconds > timeoutMs) return false;
            Thread.Sleep(LeaderWaitMs);
        }

        return true;
    }

    /// <summary>Begins a transaction, with a number of its own or that of an earlier one.</summary>
    public void Begin(long? transaction)
    {
        if (IsBroken || IsOpen) throw new InvalidOperationException($"{TransactionalId}: a transaction cannot begin here; initialise first.");
        (_receipt, _refusal) = (new CommitReceipt(-1, 0), RdError.None);
        _repeated.Reset();
        lock (_written) _written.Clear();
        Number = transaction ?? Random.Shared.NextInt64();
        _produce.Begin(_partition, Number);
        if (RdFailure.Take(Rd.BeginTransaction(_client.Handle)) is { } failure) throw Broken("begin", failure);
        _beganAt = Stopwatch.GetTimestamp();
        IsOpen = true;
    }

    /// <summary>Adds a record; an empty key is null. Waits while the client's queue is full, and throws rather than drop it.</summary>
    public void Produce(OutputTopic topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!IsOpen) throw new InvalidOperationException($"{TransactionalId}: no open transaction.");
        if (topic != OutputTopic.Control && key.Length + value.Length > _options.MessageMaxBytes) throw OfProduce(topic, partition, value.Length, RdError.MessageTooLarge);
        var index = (int)topic;
        var start = Stopwatch.GetTimestamp();
        fixed (byte* keyBytes = key)
        fixed (byte* valueBytes = value)
        {
            byte none;
            // An empty value is not a tombstone: only a null pointer would be.
            var payload = valueBytes is null ? &none : valueBytes;
            while (_produce.Produce(_topics[index], partition, keyBytes, key.Length, payload, value.Length, index + 1) is { } failure)
            {
                if (failure.Code != RdError.QueueFull) throw OfProduce(topic, partition, value.Length, failure.Code);
                if (Stopwatch.GetElapsedTime(start).TotalMilliseconds > _options.MessageTimeoutMs)
                    throw new IndefiniteOutcomeException($"{TransactionalId}: the client's queue stayed full for {_options.MessageTimeoutMs} ms");
                _ = Rd.Poll(_client.Handle, FullQueueWaitMs);
            }
        }

        _records[index]++;
        _bytes[index] += key.Length + value.Length;
    }

    /// <summary>Waits until every record is delivered.</summary>
    public void Flush()
    {
        if (!IsOpen) throw new InvalidOperationException($"{TransactionalId}: no open transaction.");
        if (Rd.Flush(_client.Handle, _options.MessageTimeoutMs) is var code and not RdError.None) throw Broken("flush", new RdFailure(code, RdError.Text(code), false, false, false));
    }

    /// <summary>Adds the input offsets, with the sequence of the batch.</summary>
    public void SendOffsets(ShardOffsets next, long sequence)
    {
        if (!IsOpen) throw new InvalidOperationException($"{TransactionalId}: no open transaction.");
        using var list = new PartitionList(3);
        Add(list, SourceTopic.Events, next.Events);
        if (next.Events >= 0 && sequence >= 0) list.Mark(_client.Handle, sequence, Number);
        Add(list, SourceTopic.Links, next.Links);
        Add(list, SourceTopic.Control, next.Control);
        Volatile.Write(ref _call, Calling);
        var answer = RdFailure.Take(Rd.SendOffsets(_client.Handle, list.Pointer, _group, _options.TransactionTimeoutMs));
        if (Interlocked.CompareExchange(ref _call, NoCall, Calling) == GivenUp)
        {
            Close();
            throw new IndefiniteOutcomeException($"{TransactionalId}: send offsets returned after the client was given up");
        }

        if (answer is { } failure)
            throw failure.RequiresAbort ? AbortAfter("send offsets", failure) : Broken("send offsets", failure);
    }

    /// <summary>Commits: returns only where the coordinator said so, once. Whether the markers arrive is for the caller to see.</summary>
    public CommitReceipt Commit()
    {
        if (!IsOpen) throw new InvalidOperationException($"{TransactionalId}: no open transaction.");
        var answer = RdFailure.Take(Rd.CommitTransaction(_client.Handle, _options.TransactionTimeoutMs));
#if CRASH_POINTS
        // What a client without the defence does: it asks the same producer again until it says that the transaction is committed.
        while (answer is { RequiresAbort: false, IsFenced: false } && Environment.GetEnvironmentVariable("DEFENCE_OFF") == "reinit")
            answer = RdFailure.Take(Rd.CommitTransaction(_client.Handle, _options.TransactionTimeoutMs));
#endif
        if (answer is { } failure)
            throw failure.RequiresAbort ? AbortAfter("commit", failure) : Broken("commit", failure, wasCommitting: true);
        End("committed");
        if (_repeated.Any && !_options.IsEmbedded) DiscardAfterRepetition();
        return _receipt;
    }

    /// <summary>Aborts the open transaction, if any.</summary>
    public void Abort(int timeoutMs)
    {
        if (!IsOpen || IsBroken) return;
        if (AbortOnceLeadersAreKnown(timeoutMs) is { } failure) throw Broken("abort", failure);
        End("aborted");
    }

    /// <summary>
    /// Where an outcome was left open: asks once more, with the epoch that it had, before a new one is taken. True where the answer is that this epoch is over: there is a newer owner, whom
    /// initialising would fence, or the broker ended the transaction for its age. Any other answer leaves things as they were, and the epoch to come decides. No answer is asked for again: a busy broker
    /// needs longer, and initialising would wait for it just as well.
    /// </summary>
    public bool IsSaidFenced()
    {
        if (!_isUnanswered) return false;
        var wasCommitting = _wasCommitting;
        (_isUnanswered, _wasCommitting) = (false, false);
        var waited = new AwakeTime(2 * AskMs);
        while (true)
        {
            var failure = wasCommitting ? RdFailure.Take(Rd.CommitTransaction(_client.Handle, AskMs)) : null;
            // A commit that failed before it reached the coordinator (its records were not delivered) says only that the transaction must be aborted; the abort is what the coordinator answers.
            if (failure is not { IsFenced: true } && (!wasCommitting || failure is not null)) failure = AbortOnceLeadersAreKnown(AskMs);
            if (failure is { IsFenced: true } || _client.FatalFailure() is { IsFenced: true }) return true;
            waited.Count();
            if (failure is not { IsUnanswered: true } || waited.Ms > _options.RequestTimeoutMs) return false;
        }
    }

    /// <summary>
    /// Gives the client up where its call does not return: librdkafka sends offsets once the group's coordinator is connected, waits for that without a limit of its own, and where that broker left the cluster, or
    /// the client lost all of them and began anew, nothing wakes it. A client in a call cannot be closed: it is left as it is, and closed should the call return. False where no such call is under way. From any
    /// thread.
    /// </summary>
    public bool TryGiveUp()
    {
        if (Interlocked.CompareExchange(ref _call, GivenUp, Calling) != Calling) return false;
        (IsBroken, IsOpen) = (true, false);
        KafkaMetrics.Transaction(Stopwatch.GetElapsedTime(_beganAt), "indefinite");
        KafkaMetrics.ClientGivenUp();
        KafkaLog.GivenUp(_logger, _partition, TransactionalId);
        return true;
    }

    /// <summary>Discards the producer; an open transaction is left to the next owner's initialisation, or to the broker's time limit.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref _call) != GivenUp) Close();
    }

    private void Close()
    {
        foreach (var topic in _topics) Rd.TopicDestroy(topic);
        Rd.GroupMetadataDestroy(_group);
        _client.Dispose();
        _produce.Dispose();
    }

    private void Add(PartitionList list, SourceTopic topic, long offset)
    {
        if (offset >= 0) list.Add(OutputTopics.NameOf(_options.Topics, topic), _partition, offset);
    }

    private void OnDelivered(DeliveryReport report)
    {
        if (report.Code == RdError.None)
        {
            var topic = (OutputTopic)(report.Opaque - 1);
            lock (_written) _written[(topic, report.Partition)] = report.Offset;
            if (topic == OutputTopic.Control) _receipt = new CommitReceipt(report.Offset, report.TimestampMs);
        }
        else if (report.Code is not RdError.PurgeQueue and not RdError.PurgeInflight && _refusal == RdError.None) _refusal = report.Code;
    }

    private EngineException OfProduce(OutputTopic topic, int partition, int length, int code)
    {
        var what = $"{TransactionalId}: record of {length} bytes for {_names[(int)topic]} [{partition}]";
        if (ErrorMapper.IsRefusal(code)) return new RecordRejectedException($"{what}: {RdError.Name(code)}: {RdError.Text(code)}");
        return ErrorMapper.OfOutcome(what, new RdFailure(code, RdError.Text(code), false, false, false), _client.FatalFailure());
    }

    /// <summary>The transaction can no longer commit: aborts it, so that the answer is certain.</summary>
    private EngineException AbortAfter(string what, RdFailure failure)
    {
        if (AbortOnceLeadersAreKnown(_options.TransactionTimeoutMs) is { } second) return Broken($"abort after {what} ({failure})", second);
        End("aborted");
        KafkaLog.Aborted(_logger, _partition, failure.ToString());
        var code = _refusal != RdError.None ? _refusal : failure.Code;
        return ErrorMapper.IsRefusal(code)
            ? new RecordRejectedException($"{TransactionalId}: {what}: {RdError.Name(code)}: {failure.Text}; the transaction was aborted")
            : new TransactionAbortedException($"{TransactionalId}: {what}: {failure}");
    }

    /// <summary>The transaction is committed, but the next one must not have its epoch: a request that the client repeated may reach the broker once more.</summary>
    private void DiscardAfterRepetition()
    {
#if CRASH_POINTS
        if (Environment.GetEnvironmentVariable("DEFENCE_OFF") == "reinit") return;
#endif
        IsBroken = true;
        throw new IndefiniteOutcomeException($"{TransactionalId}: committed, but the client sent a request of the transaction twice: the first may still arrive, so a new epoch begins");
    }

    private EngineException Broken(string what, RdFailure failure, bool wasCommitting = false)
    {
        IsBroken = true;
        (_isUnanswered, _wasCommitting) = (IsOpen, wasCommitting);
        if (IsOpen) KafkaMetrics.Transaction(Stopwatch.GetElapsedTime(_beganAt), "indefinite");
        IsOpen = false;
        return ErrorMapper.OfOutcome($"{TransactionalId}: {what}", failure, _client.FatalFailure());
    }

    private void End(string outcome)
    {
        IsOpen = false;
        KafkaMetrics.Transaction(Stopwatch.GetElapsedTime(_beganAt), outcome);
        for (var i = 0; i < _records.Length; i++)
        {
            if (_records[i] > 0) KafkaMetrics.Produced(_names[i], _records[i], _bytes[i]);
            _records[i] = _bytes[i] = 0;
        }
    }
}
