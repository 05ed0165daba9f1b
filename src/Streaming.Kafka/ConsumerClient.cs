using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>
/// One assign()-only consumer for many partitions, each read through a queue of its own (<see cref="PartitionReader"/>). A thread of its own serves the
/// client's callbacks and watches whether any broker can be reached.
/// </summary>
internal sealed unsafe class ConsumerClient : IDisposable
{
    private const int PollMs = 200, ProbeMs = 2_000, MostUnanswered = 3, WatchMs = 1_000, MostEmptied = 3, LogEnd = -1, DownWaitMs = 50, AskAgainMs = 5_000, CalmMs = 600_000, TroubleMs = 120_000;

    /// <summary>After this time without a record a reader of a client that had no trouble for a while may count as stalled, ms.</summary>
    public const int CalmStalledAfterMs = 10_000;

    private readonly long _openedAt = Environment.TickCount64;
    private readonly NativeClient _client;
    private readonly ILogger _logger;
    private readonly string _role;
    private readonly int _requestTimeoutMs;
    private readonly Thread _poller;
    private readonly Lock _assignment = new();
    private volatile bool _stopping, _suspect, _down;
    private long _lostSince;
    private int _unanswered;
    private volatile bool _isMisrouted;
    private readonly List<PartitionReader> _readers = [];
    private long _watchedAt, _throttledUntilMs;
    private volatile Suspected? _suspected;
    private volatile PartitionReader? _unansweredFor;
    private long _troubledAt = -TroubleMs;

    /// <summary>Opens a client; nothing is asked of the brokers yet.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="role">Its name in logs and metrics.</param>
    /// <param name="partitions">Partitions that share its queue memory.</param>
    /// <param name="logger">Log.</param>
    /// <param name="seesPending">True: committed offsets are read as they stand, whatever commit is pending, and records as soon as they are written.</param>
    public ConsumerClient(KafkaOptions options, string role, int partitions, ILogger logger, bool seesPending = false)
    {
        (_logger, _role, _requestTimeoutMs) = (logger, role, options.RequestTimeoutMs);
        var properties = KafkaClientProperties.Consumer(options, role, partitions);
        if (seesPending) properties["isolation.level"] = "read_uncommitted";
        _client = NativeClient.Consumer(role, properties, logger);
        _client.AllBrokersDown = () => _suspect = true;
        _client.Troubled = () => _troubledAt = Environment.TickCount64; // from a poll, as what reads it
        _client.Throttled = ms => _throttledUntilMs = Environment.TickCount64 + ms; // from a poll, as what reads it
        _poller = new Thread(Poll) { IsBackground = true, Name = "kafka-" + role };
        _poller.Start();
    }

    /// <summary>rd_kafka_t.</summary>
    public nint Handle => _client.Handle;

    /// <summary>Called by the polling thread, each <see cref="LostAfterMs"/>, while the client finds no broker, is not answered or lost a record.</summary>
    public Action? IsLost { get; set; }

    /// <summary>Time without a broker after which the client counts as lost, ms.</summary>
    public int LostAfterMs { get; init; } = 10_000;

    /// <summary>Time in which a reader may give nothing, although there are stable records, before the client counts as lost, ms.</summary>
    public int StalledAfterMs { get; set; } = 60_000;

    /// <summary>It has served for a while: what made the clients before it slow is over.</summary>
    public bool IsCalm => Environment.TickCount64 - _openedAt > CalmMs;

    private int StallLimitMs => IsCalm ? Math.Min(StalledAfterMs, CalmStalledAfterMs) : StalledAfterMs;

    /// <summary>True once a reader stood still.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>Whether this client is answered what <paramref name="lost"/> was asked in vain. Blocks.</summary>
    public bool IsAnsweredWhere(ConsumerClient lost) => IsAnswered() && (lost._unansweredFor is not { } reader || AskBounds(reader, _requestTimeoutMs, out _) == RdError.None);

    /// <summary>Asks once more what was asked in vain before another takes the place: a leader that was away may be back, and answers both. False where something else is wrong with this client. Blocks, on the polling thread.</summary>
    public bool IsAnsweredAfterAll()
    {
        if (_unansweredFor is not { } reader || _down || _isMisrouted || Volatile.Read(ref _unanswered) >= MostUnanswered || AskBounds(reader, ProbeMs, out _) != RdError.None) return false;
        NoteAnswered(reader);
        return true;
    }

    /// <summary>A fresh client is answered where this one is not: what its readers wait for will never come, and they say so.</summary>
    public void GiveUpReaders()
    {
        if (_unansweredFor is not null) _isMisrouted = true;
    }

    /// <summary>From now on a reader must not stand still.</summary>
    public void Watch(PartitionReader reader)
    {
        lock (_readers) _readers.Add(reader);
    }

    /// <summary>The reader is closed.</summary>
    public void Unwatch(PartitionReader reader)
    {
        lock (_readers) _readers.Remove(reader);
        if (_suspected?.Reader == reader) _suspected = null;
        if (_unansweredFor == reader) _unansweredFor = null;
    }

    /// <summary>Asks whether a broker answers. Blocks.</summary>
    public bool IsAnswered() => _client.IsAnswered(ProbeMs);

    /// <summary>Throws where no broker answers, so that an empty read is never mistaken for an idle topic.</summary>
    public void ThrowIfDown(RecordBatch into)
    {
        if (_down) into.AtEnd = false;
        ThrowIfMisrouted();
        if (_down) throw new BrokerUnavailableException($"no broker answers ({_role})");
    }

    /// <summary>Throws where a record came past the queue of its reader, or a reader stands still: what the readers of this client have is not all there is, and a fresh one takes its place.</summary>
    public void ThrowIfMisrouted()
    {
        if (_isMisrouted) throw new BrokerUnavailableException($"a record came past its reader, or none comes any more ({_role}): the client is replaced");
    }

    /// <summary>Adds a partition to the assignment at an offset.</summary>
    public void Assign(string topic, int partition, long offset)
    {
        using var list = new PartitionList(1);
        list.Add(topic, partition, offset);
        lock (_assignment) Check($"assign {topic} [{partition}]", Rd.IncrementalAssign(Handle, list.Pointer));
    }

    /// <summary>Takes a partition out of the assignment. What it had queued is outdated from now on and never handed out.</summary>
    public void Unassign(string topic, int partition)
    {
        using var list = new PartitionList(1);
        list.Add(topic, partition, -1);
        lock (_assignment) Check($"unassign {topic} [{partition}]", Rd.IncrementalUnassign(Handle, list.Pointer));
    }

    /// <summary>Log start and end, asked from the broker: the last stable offset, unless the client sees what is pending. Blocks.</summary>
    public PartitionBounds Bounds(string topic, int partition)
    {
        long low, high;
        var code = Rd.QueryWatermarks(Handle, topic, partition, &low, &high, _requestTimeoutMs);
        if (ErrorMapper.IsUnknown(code) && IsPictureRenewed()) code = Rd.QueryWatermarks(Handle, topic, partition, &low, &high, _requestTimeoutMs);
        NoteAnswer(code);
        if (code != RdError.None) throw ErrorMapper.OfRequest($"bounds of {topic} [{partition}]", code);
        return new PartitionBounds(low, high);
    }

    /// <summary>The ends of several partitions in one request a broker, as <see cref="Bounds"/> gives each. Blocks.</summary>
    public long[] Ends(IReadOnlyList<(string Topic, int Partition)> of) => OffsetsAt(of, LogEnd);

    /// <summary>First offset of a partition that was appended at a time, ms since 1970, or later; its end where none was. Blocks.</summary>
    public long OffsetAt(string topic, int partition, long timeMs) => OffsetsAt([(topic, partition)], timeMs)[0] is >= 0 and var offset ? offset : Ends([(topic, partition)])[0];

    /// <summary>The group's committed offsets of one partition of three topics, with the batch and transaction that go with the first: the stable ones, unless the client sees what is pending. Blocks.</summary>
    public GroupOffsets Committed(string events, string links, string control, int partition, int timeoutMs)
    {
        using var list = new PartitionList(3);
        list.Add(events, partition, -1);
        list.Add(links, partition, -1);
        list.Add(control, partition, -1);
        var code = Rd.Committed(Handle, list.Pointer, timeoutMs);
        NoteAnswer(code);
        if (code != RdError.None) throw ErrorMapper.OfRequest($"committed offsets of partition {partition}", code);
        var (sequence, transaction) = list.MarkAt(0);
        return new GroupOffsets(new ShardOffsets(list.OffsetAt(0), list.OffsetAt(1), list.OffsetAt(2)), sequence, transaction);
    }

    /// <summary>Ends the thread and the client; its readers must be disposed before.</summary>
    public void Dispose()
    {
        _stopping = true;
        _poller.Join();
        _client.Dispose();
    }

    private long[] OffsetsAt(IReadOnlyList<(string Topic, int Partition)> of, long timeMs)
    {
        var offsets = new long[of.Count];
        if (of.Count == 0) return offsets;
        var code = AskOffsets(of, timeMs, offsets);
        // Where a broker is back before the client has noticed, the call says so at once instead of waiting for it as others do.
        for (var start = Environment.TickCount64; code == RdError.AllBrokersDown && Environment.TickCount64 - start < _requestTimeoutMs; code = AskOffsets(of, timeMs, offsets)) Thread.Sleep(DownWaitMs);
        if (ErrorMapper.IsUnknown(code) && IsPictureRenewed()) code = AskOffsets(of, timeMs, offsets);
        NoteAnswer(code);
        if (code != RdError.None) throw ErrorMapper.OfRequest($"offsets of {of.Count} partitions, of {of[0].Topic} [{of[0].Partition}] first", code);
        return offsets;
    }

    private int AskOffsets(IReadOnlyList<(string Topic, int Partition)> of, long timeMs, long[] offsets)
    {
        using var list = new PartitionList(of.Count);
        foreach (var (topic, partition) in of) list.Add(topic, partition, timeMs);
        var code = Rd.OffsetsForTimes(Handle, list.Pointer, _requestTimeoutMs);
        if (code == RdError.None) code = list.FirstError();
        if (code != RdError.None) return code;
        for (var i = 0; i < offsets.Length; i++) offsets[i] = list.OffsetAt(i);
        return code;
    }

    // What a broker said of its topics right after its start, when it knew no leader, the client would keep for minutes (topic.metadata.refresh.interval.ms): it is asked for all of them anew.
    private bool IsPictureRenewed()
    {
        if (Rd.Metadata(Handle, 1, 0, out var metadata, ProbeMs) != RdError.None) return false;
        Rd.MetadataDestroy(metadata);
        return true;
    }

    private void NoteAnswer(int code)
    {
        if (ErrorMapper.IsOfLostClient(code)) Interlocked.Increment(ref _unanswered);
        else Volatile.Write(ref _unanswered, 0);
    }

    private static void Check(string what, nint error)
    {
        if (RdFailure.Take(error) is { } failure) throw ErrorMapper.OfRequest(what, failure);
    }

    private void Poll()
    {
        while (!_stopping)
        {
            var message = Rd.ConsumerPoll(Handle, PollMs);
            if (message is not null)
            {
                // Every partition has a queue of its own, taken out of this one before it is assigned: a record here is lost to its reader. It was seen where a partition
                // was assigned, taken back and assigned again before the client knew its topic: librdkafka then has a new partition, whose queue nobody took.
                if (message->Err == RdError.None) Misrouted(message->Partition);
                else KafkaMetrics.ClientError(_role, message->Err);
                Rd.MessageDestroy(message);
            }

            if (_suspect) Probe();
            else if (Environment.TickCount64 - _watchedAt > WatchMs) FindStalled();
            if (_unansweredFor is { Unanswered: 0 }) _unansweredFor = null; // records came
            if (_down || _isMisrouted || _unansweredFor is not null || Volatile.Read(ref _unanswered) >= MostUnanswered) SayLost();
        }
    }

    // Seen after a broker's restart: the client fetched on and on, and not one record came out of the reader's queue. A reader stands still only if there were stable records behind it all the time, while it was
    // asked again and again: that nobody has read what has just come says nothing.
    private void FindStalled()
    {
        _watchedAt = Environment.TickCount64;
        if (_isMisrouted) return;
        if (_watchedAt < _throttledUntilMs + StallLimitMs)
        {
            _suspected = null; // a quota holds the records back
            return;
        }

        if (_suspected is { } suspected)
        {
            var (position, emptied) = suspected.Reader.Standing();
            // One that nobody asks any more must not keep others from being looked at.
            var isStill = position == suspected.Position && emptied >= 0;
            if (isStill && _watchedAt - suspected.SinceMs >= StallLimitMs && emptied >= suspected.Emptied + MostEmptied) SayStalled(suspected.Reader);
            if (!isStill || _watchedAt - suspected.SinceMs > (long)StallLimitMs * MostEmptied) _suspected = null;
            return;
        }

        PartitionReader? reader;
        lock (_readers) reader = _readers.Find(r => r.MustAsk(_watchedAt, StallLimitMs, _watchedAt < _troubledAt + TroubleMs));
        if (reader is null) return;
        var standing = reader.Standing();
        if (standing.Emptied < 0) return;
        var code = AskBounds(reader, ProbeMs, out var high);
        if (code != RdError.None)
        {
            NoteUnanswered(reader, code);
            return;
        }

        NoteAnswered(reader);
        if (high <= standing.Position) return;
        _suspected = new Suspected(reader, standing.Position, standing.Emptied, _watchedAt);
    }

    // A leader that is away gives no answer either: a fresh client takes the place only if it is answered the same question (IsAnsweredWhere).
    private void NoteUnanswered(PartitionReader reader, int code)
    {
        reader.AskAgain(Environment.TickCount64 + AskAgainMs);
        if (code != RdError.LeaderNotAvailable && !ErrorMapper.IsOfLostClient(code)) return;
        if (++reader.Unanswered <= MostUnanswered * 2) _client.FindBrokersAgain(); // the client keeps what each call says for ever
        if (reader.Unanswered < MostUnanswered || _unansweredFor is not null) return;
        KafkaLog.Unanswered(_logger, _role, reader.Topic, reader.Partition, reader.Unanswered);
        _unansweredFor = reader;
    }

    private void NoteAnswered(PartitionReader reader)
    {
        reader.Unanswered = 0;
        if (_unansweredFor == reader) _unansweredFor = null;
    }

    private int AskBounds(PartitionReader of, int timeoutMs, out long end)
    {
        long low, high = -1;
        var code = Rd.QueryWatermarks(Handle, of.Topic, of.Partition, &low, &high, timeoutMs);
        end = high;
        return code;
    }

    private void SayStalled(PartitionReader reader)
    {
        _lostSince = Environment.TickCount64 - LostAfterMs; // not to be waited for
        (IsStalled, _isMisrouted) = (true, true);
        KafkaLog.Stalled(_logger, _role, reader.Topic, reader.Partition, reader.Position);
    }

    private void Misrouted(int partition)
    {
        if (_isMisrouted) return;
        _lostSince = Environment.TickCount64 - LostAfterMs; // not to be waited for
        _isMisrouted = true;
        KafkaLog.Misrouted(_logger, _role, partition);
    }

    private void SayLost()
    {
        if (Environment.TickCount64 - _lostSince < LostAfterMs) return;
        IsLost?.Invoke();
        _lostSince = Environment.TickCount64;
    }

    /// <summary>The client says once that all brokers are down and never that one is back: asks until one answers.</summary>
    private void Probe()
    {
        if (IsAnswered())
        {
            _suspect = false;
            if (_down) KafkaLog.BrokersUp(_logger, _role);
            _down = false;
            return;
        }

        if (!_down)
        {
            KafkaLog.BrokersDown(_logger, _role);
            _lostSince = Environment.TickCount64;
        }

        _down = true;
    }

    private sealed record Suspected(PartitionReader Reader, long Position, long Emptied, long SinceMs);
}
