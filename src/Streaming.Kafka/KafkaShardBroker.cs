using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka;

/// <summary>
/// Kafka as one shard sees it: three partitions of the node's consumer, and a transactional producer of its own. Calls that block run on the shard's lane;
/// reads take what is there on the caller's thread and wait without one.
/// </summary>
internal sealed class KafkaShardBroker : IShardBroker
{
    private const int AbortOnCloseMs = 2_000, PeekMs = 2_000, MostMarkerWaitMs = 50, OwnLookMs = 2_000, MostDoublings = 4;

    private const int SweepMs = 10_000; // within it brokers look for transactions beyond their limit (transaction.abort.timed.out.transaction.cleanup.interval.ms)
    private static readonly TimeSpan DoubtWait = TimeSpan.FromSeconds(3); // in which a newer owner shows by what it commits

    private readonly KafkaOptions _options;
    private readonly SharedConsumer _shared;
    private readonly Func<SharedConsumer> _peeking, _asking;
    private readonly ICommittedOffsets? _committed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _closed;
    private readonly BlockingLane _lane;
    private readonly TransactionTraces _traces;
    private readonly PartitionReader?[] _readers = new PartitionReader?[3];
    private readonly SemaphoreSlim[] _signals = [new(0), new(0), new(0)];
    private SharedConsumer.Lease _lease;
    private TransactionalProducer? _producer;
    private ShardOffsets? _sent;
    private long _sentSequence;
    private int _woken, _givenUpInARow;
    private readonly List<WrittenTo> _written = [];
    private readonly UnreadRecords _unread;
    private readonly long _graceMs;
    private bool _disposed;

    /// <param name="partition">Partition number.</param>
    /// <param name="options">Settings.</param>
    /// <param name="shared">The node's consumer.</param>
    /// <param name="peeking">Gives the client that sees what is pending.</param>
    /// <param name="asking">Gives the client that asks for ends: a broker answers a connection in order, and may hold back the one that fetches.</param>
    /// <param name="committed">Where C is kept beside the in-process cluster; null: the broker keeps it.</param>
    /// <param name="time">Stands in for the append time of the in-process cluster.</param>
    /// <param name="logger">Log.</param>
    /// <param name="closed">Called once the broker is disposed.</param>
    public KafkaShardBroker(int partition, KafkaOptions options, SharedConsumer shared, Func<SharedConsumer> peeking, Func<SharedConsumer> asking, ICommittedOffsets? committed, TimeProvider time, ILogger logger, Action closed)
    {
        (Partition, _options, _shared, _peeking, _asking, _committed, _time, _logger, _closed) = (partition, options, shared, peeking, asking, committed, time, logger, closed);
        _lease = shared.Take();
        _traces = new TransactionTraces(options, partition, logger);
        _graceMs = options.TransactionTimeoutMs + SweepMs + options.RequestTimeoutMs;
        _unread = new UnreadRecords(_graceMs);
        _lane = new BlockingLane($"kafka-shard-{partition}");
    }

    /// <inheritdoc/>
    public int Partition { get; }

    /// <summary>Knows whether the topics are the same still; null: nobody looks.</summary>
    public TopologyWatch? Topology { get; init; }

    private TransactionalProducer Producer => _producer ?? throw new InvalidOperationException($"partition {Partition}: initialise transactions first.");

    private ConsumerClient Consumer => _lease.Client;

    /// <inheritdoc/>
    public async ValueTask InitTransactionsAsync(CancellationToken cancellation)
    {
        var looking = Topology?.LookAsync();
        if (await _lane.RunAsync(IsSaidFenced, cancellation).ConfigureAwait(false))
        {
            await Task.Delay(DoubtWait, _time, cancellation).ConfigureAwait(false);
            throw new BrokerUnavailableException($"partition {Partition}: the former epoch is over: a newer owner has it, which the committed offset will tell, or the broker ended a transaction for its age");
        }

        await _lane.RunAsync(Initialise, cancellation).ConfigureAwait(false);
        if (looking is not null && await looking.ConfigureAwait(false) is { } error) throw error;
    }

    /// <inheritdoc/>
    public ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation) =>
        _committed is not null ? RecordedAsync(cancellation) : _lane.RunAsync(() => Committed(Consumer, _options.RequestTimeoutMs), cancellation);

    /// <inheritdoc/>
    public ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation) =>
        _committed is not null ? RecordedAsync(cancellation) : _lane.RunAsync(() => Peek(client => Committed(client, Math.Min(PeekMs, _options.RequestTimeoutMs))), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TracedRecord>> FindOpenAsync(IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) =>
        _committed is not null ? new([]) : _lane.RunAsync(() => Ask(client => _traces.FindOpen(among, Peek, client, _graceMs, () => _disposed)), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> IsCommittedAsync(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) =>
        _lane.RunAsync(() => _traces.IsCommitted(transaction, timeMs, among), cancellation);

    /// <inheritdoc/>
    public ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation) =>
        _lane.RunAsync(() => Consumer.Bounds(OutputTopics.NameOf(_options.Topics, topic), Partition), cancellation);

    /// <inheritdoc/>
    public ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation) => _lane.RunAsync(() =>
    {
        ref var reader = ref _readers[(int)topic];
        reader ??= new PartitionReader(Consumer, OutputTopics.NameOf(_options.Topics, topic), Partition, !_options.IsEmbedded, _signals[(int)topic]);
        reader.Seek(offset);
    }, cancellation);

    /// <inheritdoc/>
    public async ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        var reader = _readers[(int)topic] ?? throw new InvalidOperationException($"partition {Partition}: seek {topic} first.");
        cancellation.ThrowIfCancellationRequested();
        Consumer.ThrowIfMisrouted();
        Topology?.ThrowIfChanged();
        if (_unread.IsDue) await _lane.RunAsync(LookAfterUnread, cancellation).ConfigureAwait(false);
        if (reader.TryRead(into, maxRecords)) return;
        Consumer.ThrowIfDown(into);
        var start = Stopwatch.GetTimestamp();
        while (!WasWoken(topic) && maxWait - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            await _signals[(int)topic].WaitAsync(left, cancellation).ConfigureAwait(false);
            if (reader.TryRead(into, maxRecords)) return;
            Consumer.ThrowIfDown(into);
        }
    }

    /// <inheritdoc/>
    public void Wake()
    {
        Volatile.Write(ref _woken, 1);
        var signal = _signals[(int)SourceTopic.Events];
        if (signal.CurrentCount == 0) signal.Release();
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TracedRecord>> ReadUncommittedAsync(OutputTopic topic, int partition, long from, long? transaction, CancellationToken cancellation) =>
        _lane.RunAsync(() => _traces.ReadUncommitted(topic, partition, from, transaction), cancellation);

    /// <inheritdoc/>
    public ValueTask WaitUntilReadableAsync(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) =>
        _unread.IsEmpty ? default : _lane.RunAsync(() => WaitUntilReadable(among), cancellation);

    /// <inheritdoc/>
    public void Begin(long? transaction = null)
    {
        _sent = null;
        Producer.Begin(transaction);
    }

    /// <inheritdoc/>
    public void Produce(OutputTopic topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Producer.Produce(topic, partition, key, value);

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => _lane.RunAsync(() => Producer.Flush(), cancellation);

    /// <inheritdoc/>
    public async ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation)
    {
        var producer = Producer;
        var call = _lane.RunAsync(() => producer.SendOffsets(next, sequence), cancellation).AsTask();
        // Doubled with each in a row: what is given up is left behind, and a coordinator may stay away for long.
        var limit = TimeSpan.FromMilliseconds((_options.TransactionTimeoutMs + _options.RequestTimeoutMs) * Math.Pow(2, Math.Min(_givenUpInARow, MostDoublings)));
        while (!await BlockingLane.EndsAsync(call, limit).ConfigureAwait(false))
        {
            if (!producer.TryGiveUp()) continue; // it waits for the lane, or aborts, which has a limit
            _givenUpInARow++;
            _lane.LeaveThread();
            throw new IndefiniteOutcomeException($"partition {Partition}: batch {sequence}: the client does not return from sending offsets");
        }

        await call.ConfigureAwait(false);
        _givenUpInARow = 0;
        (_sent, _sentSequence) = (next, sequence);
    }

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation)
    {
        var receipt = await _lane.RunAsync(() =>
        {
            var committed = Producer.Commit();
            if (_committed is null) WaitUntilMarked();
            return committed;
        }, cancellation).ConfigureAwait(false);
        if (_committed is null) return receipt;
        if (_sent is { } next) await RecordAsync(next).ConfigureAwait(false);
        return receipt.ControlOffset < 0 ? receipt : receipt with { AppendTimeMs = _time.GetUtcNow().ToUnixTimeMilliseconds() };
    }

    /// <inheritdoc/>
    public ValueTask AbortAsync(CancellationToken cancellation) => _lane.RunAsync(() => _producer?.Abort(_options.TransactionTimeoutMs), cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            await _lane.RunAsync(Close, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _lane.Dispose();
            _closed();
        }
    }

    private bool WasWoken(SourceTopic topic) => topic == SourceTopic.Events && Interlocked.Exchange(ref _woken, 0) == 1;

    /// <summary>Once committed it must be recorded: a cancelled caller would otherwise leave C behind the outputs.</summary>
    private async ValueTask RecordAsync(ShardOffsets next)
    {
        var before = await _committed!.ReadAsync(Partition, CancellationToken.None).ConfigureAwait(false);
        await _committed.WriteAsync(Partition, next.Over(before), CancellationToken.None).ConfigureAwait(false);
    }

    // Nothing hangs in the in-process cluster: no number is needed.
    private async ValueTask<GroupOffsets> RecordedAsync(CancellationToken cancellation) => new(await _committed!.ReadAsync(Partition, cancellation).ConfigureAwait(false), -1, -1);

    private GroupOffsets Committed(ConsumerClient client, int timeoutMs) => client.Committed(_options.Topics.Events, _options.Topics.Links, _options.Topics.Control, Partition, timeoutMs);

    private T Peek<T>(Func<ConsumerClient, T> ask) => With(_peeking(), ask);
    private T Ask<T>(Func<ConsumerClient, T> ask) => With(_asking(), ask);

    private static T With<T>(SharedConsumer shared, Func<ConsumerClient, T> ask)
    {
        var lease = shared.Take();
        try
        {
            return ask(lease.Client);
        }
        finally
        {
            shared.Return(lease);
        }
    }

    private bool IsSaidFenced()
    {
        MoveToFresh();
        return _producer?.IsSaidFenced() == true;
    }

    private void Initialise()
    {
        _producer?.Dispose();
        _producer = null;
        _unread.Clear(); // a take-over looks at every partition anew
        var producer = new TransactionalProducer(_options, Partition, _logger);
        try
        {
            producer.Init();
        }
        catch
        {
            producer.Dispose();
            throw;
        }

        _producer = producer;
    }

    // A broker that shuts down may answer that a transaction is committed and drop its markers, or some of them (docs/decisions/0020).
    private void WaitUntilMarked()
    {
        var waited = new AwakeTime(_options.RequestTimeoutMs / 2);
        var isOffsetMarked = _sent is not { Events: >= 0 };
        for (var waitMs = 1; ; waitMs = Math.Min(MostMarkerWaitMs, waitMs * 2))
        {
            try
            {
                isOffsetMarked = isOffsetMarked || IsOffsetMarked();
                if (isOffsetMarked && AreRecordsMarked()) return;
            }
            catch (BrokerUnavailableException)
            {
                // a coordinator or leader that moves; asked again
            }

            if (_disposed || waited.Ms > _options.RequestTimeoutMs)
            {
                throw new IndefiniteOutcomeException($"partition {Partition}: batch {_sentSequence} is said to be committed, but {(isOffsetMarked ? "not all of its records can be read" : "its offsets were not seen to be the group's")} "
                    + $"within {_options.RequestTimeoutMs} ms");
            }

            Thread.Sleep(waitMs);
            waited.Count();
        }
    }

    private bool IsOffsetMarked()
    {
        var group = Peek(client => Committed(client, Math.Min(PeekMs, _options.RequestTimeoutMs)));
        // Whoever commits after this has a higher number: this owner was away longer than it knows.
        if (group.Sequence > _sentSequence) throw new FencedException($"partition {Partition}: batch {_sentSequence} was committed here, and the group stands at batch {group.Sequence}: a newer owner is at work");
        return group.Sequence == _sentSequence && group.Transaction == Producer.Number;
    }

    // Where other shards write as well, the last stable offset may be held by one of theirs: that is looked after later.
    private bool AreRecordsMarked()
    {
        Producer.CopyWritten(_written);
        if (_written.Count == 0) return true;
        var ends = Ask(client => client.Ends([.. _written.Select(at => (at.Name, at.Partition))]));
        for (var i = 0; i < ends.Length; i++)
        {
            if (ends[i] <= _written[i].Offset && OutputTopics.IsOwn(_written[i].Topic)) return false;
        }

        for (var i = 0; i < ends.Length; i++)
        {
            if (ends[i] <= _written[i].Offset) _unread.Add(_written[i]);
        }

        return true;
    }

    private void WaitUntilReadable(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among)
    {
        var waited = new AwakeTime(_graceMs / 2);
        var nextLookMs = Environment.TickCount64 + OwnLookMs;
        for (var waitMs = 1; _unread.HasAny(among); waitMs = Math.Min(MostMarkerWaitMs, waitMs * 2))
        {
            _ = _unread.Look(Ask(client => client.Ends(_unread.Places)));
            if (!_unread.HasAny(among)) return;
            var now = Environment.TickCount64;
            if (_disposed || waited.Ms > _graceMs || (now >= nextLookMs && IsOwnInTheWay()))
                throw new IndefiniteOutcomeException($"partition {Partition}: what is committed in {string.Join(", ", _unread.Places.Select(at => $"{at.Topic} [{at.Partition}]"))} cannot be read: a transaction is open there");
            if (now >= nextLookMs) nextLookMs = now + OwnLookMs;
            Thread.Sleep(waitMs);
            waited.Count();
        }

        bool IsOwnInTheWay()
        {
            try
            {
                return Ask(client => _traces.FindOpen([.. among], Peek, client, waitMs: 0, () => _disposed)).Any(record => record.Shard == Partition);
            }
            catch (RecordsHiddenException)
            {
                return false;
            }
        }
    }

    private void LookAfterUnread()
    {
        try
        {
            var overdue = _unread.Look(Ask(client => client.Ends(_unread.Places)));
            if (overdue.Count == 0) return;
            var open = Ask(client => _traces.FindOpen([.. overdue.Select(at => (at.Topic, at.Partition))], Peek, client, waitMs: 0, () => _disposed));
            if (open.FirstOrDefault(record => record.Shard == Partition) is { } left)
                throw new IndefiniteOutcomeException($"partition {Partition}: a committed transaction is open in {OutputTopics.NameOf(_options.Topics, left.Topic)} [{left.Partition}]: its marker was dropped");
        }
        catch (EngineException error) when (error is BrokerUnavailableException or RecordsHiddenException)
        {
            _unread.Later(); // another shard's stands before it, or no broker answers
        }
    }

    // No read is under way at the beginning of a take-over, and every input is sought anew behind it.
    private void MoveToFresh()
    {
        if (!_shared.IsReplaced(_lease)) return;
        foreach (ref var reader in _readers.AsSpan())
        {
            reader?.Dispose();
            reader = null;
        }

        _shared.Return(_lease);
        _lease = _shared.Take();
    }

    private void Close()
    {
        try
        {
            _producer?.Abort(AbortOnCloseMs);
        }
        catch (EngineException error)
        {
            KafkaLog.AbortOnCloseFailed(_logger, Partition, error.Message);
        }
        finally
        {
            _producer?.Dispose();
            _producer = null;
            foreach (var reader in _readers) reader?.Dispose();
            _shared.Return(_lease);
        }
    }
}
