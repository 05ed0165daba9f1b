using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Core.Tests.Shard;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Broker;

/// <summary>The simulated cluster as one shard sees it. It is as strict as the real one about the order of calls.</summary>
internal sealed class SimulatedShardBroker(BrokerModel broker, Wire wire, Rng rng, Process process, int partition, long timeOutUs) : StubShardBroker
{
    private readonly long[] _positions = [-1, -1, -1];
    private readonly long[] _stableAtSeek = new long[3];
    private TransactionalClient? _producer;
    private readonly Dictionary<(OutputTopic Topic, int Partition), (long Offset, long SinceUs)> _unread = [];
    private const long LookEachUs = 10_000_000;
    private long _nextLookUs;
    private long _sent = -1;
    private int _running;

    public override int Partition => partition;

    private long GraceUs => broker.TransactionTimeOutUs + timeOutUs;

    /// <summary>Called where a take-over begins anew: whatever the owner knew it has dropped by then.</summary>
    public Action? Initialised { get; init; }

    private TransactionalClient Producer => _producer ?? throw new InvalidOperationException($"partition {partition}: initialise transactions first.");

    public override async ValueTask InitTransactionsAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _producer = null;
        _unread.Clear(); // a take-over looks at every partition anew
        Initialised?.Invoke();
        var producer = new TransactionalClient(broker, wire, process, partition, timeOutUs);
        await producer.InitialiseAsync().ConfigureAwait(false);
        _producer = producer;
    }

    public override async ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation)
    {
        var until = wire.Scheduler.NowUs + timeOutUs;
        while (true)
        {
            var (isStable, offsets) = await AskAsync(Label.FetchOffsets, () => (!broker.Coordinator(partition).IsUnstable, broker.Coordinator(partition).Group), cancellation).ConfigureAwait(false);
            if (isStable) return offsets;
            if (wire.Scheduler.NowUs > until) throw new BrokerUnavailableException($"committed offsets of partition {partition} stay unstable");
            await wire.YieldAsync(process, 40_000).ConfigureAwait(false);
        }
    }

    public override async ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation) =>
        await AskAsync(Label.FetchOffsets, () => broker.Coordinator(partition).Group, cancellation).ConfigureAwait(false);

    public override async ValueTask<IReadOnlyList<TracedRecord>> FindOpenAsync(IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation)
    {
        for (var until = wire.Scheduler.NowUs + GraceUs; ;)
        {
            var ends = await AskAsync(Label.Bounds, () => among.Select(at => broker.Log(at.Topic, at.Partition).End).ToArray(), cancellation).ConfigureAwait(false);
            var stableEnds = await AskAsync(Label.Bounds, () => StableEnds(among), cancellation).ConfigureAwait(false);
            if (!ends.Where((end, i) => end > stableEnds[i]).Any()) return [];
            var open = await AskAsync(Label.Fetch, () => among.Select((at, i) => Uncommitted(at.Topic, at.Partition, stableEnds[i]).FindAll(r => r.Offset < ends[i])).Where(r => r.Count > 0).ToList(), cancellation).ConfigureAwait(false);
            var first = open.ConvertAll(records => records[0]);
            if (first.Exists(IsOwn) || !open.Exists(records => records.Exists(IsOwn))) return first;
            if (wire.Scheduler.NowUs > until)
            {
                broker.HiddenInVain++;
                throw new RecordsHiddenException($"records of partition {partition} stand behind another's open transaction");
            }

            await wire.YieldAsync(process, 20_000).ConfigureAwait(false);
        }

        bool IsOwn(TracedRecord record) => record.Shard == partition || record.Topic == OutputTopic.Control;
    }

    public override async ValueTask<bool> IsCommittedAsync(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) =>
        await AskAsync(Label.Fetch, () => among.Any(at => HasCommitted(broker.Log(at.Topic, at.Partition), transaction)), cancellation).ConfigureAwait(false);

    public override async ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation) =>
        await AskAsync(Label.Bounds, () => new PartitionBounds(0, broker.Log(topic, partition).StableEnd), cancellation).ConfigureAwait(false);

    public override async ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await wire.YieldAsync(process).ConfigureAwait(false);
        _positions[(int)topic] = offset;
        _stableAtSeek[(int)topic] = broker.Log(topic, partition).StableEnd;
    }

    public override async ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (topic == SourceTopic.Events && _unread.Count > 0 && wire.Scheduler.NowUs >= _nextLookUs) await LookAfterUnreadAsync(cancellation).ConfigureAwait(false);
        var (count, at) = (into.Count, into.NextOffset);
        Take(topic, into, maxRecords);
        if (into.Count > count || maxWait <= TimeSpan.Zero || (into.NextOffset > at && into.AtEnd)) return;
        await WaitAsync(rng.Between(1_000, Math.Max(1_000, (long)maxWait.TotalMicroseconds)), cancellation).ConfigureAwait(false);
        if (broker.IsDown() && rng.Chance(0.3))
        {
            into.AtEnd = false;
            throw new BrokerUnavailableException("no broker answers");
        }

        Take(topic, into, maxRecords);
    }

    public override async ValueTask<IReadOnlyList<TracedRecord>> ReadUncommittedAsync(OutputTopic topic, int at, long from, long? transaction, CancellationToken cancellation) =>
        await AskAsync(Label.Fetch, () => Uncommitted(topic, at, from).FindAll(r => transaction is null || (r.Shard == partition && r.Transaction == transaction)), cancellation).ConfigureAwait(false);

    public override async ValueTask WaitUntilReadableAsync(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation)
    {
        using var _ = OneAtATime();
        for (var until = wire.Scheduler.NowUs + GraceUs; among.Any(_unread.ContainsKey);)
        {
            (OutputTopic Topic, int Partition)[] places = [.. _unread.Keys];
            var ends = await AskAsync(Label.Bounds, () => StableEnds(places), cancellation).ConfigureAwait(false);
            for (var i = 0; i < places.Length; i++)
            {
                if (_unread.TryGetValue(places[i], out var record) && ends[i] > record.Offset) _unread.Remove(places[i]);
            }

            if (wire.Scheduler.NowUs > until) throw new IndefiniteOutcomeException($"what partition {partition} committed where others write as well cannot be read");
            await wire.YieldAsync(process, 20_000).ConfigureAwait(false);
        }
    }

    public override void Begin(long? transaction = null)
    {
        _sent = -1;
        Producer.Begin(transaction);
    }

    public override void Produce(OutputTopic topic, int to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Producer.Produce(topic, to, key, value);

    public override async ValueTask FlushAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var _ = OneAtATime();
        await Producer.FlushAsync().ConfigureAwait(false);
    }

    public override async ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var _ = OneAtATime();
        await Producer.SendOffsetsAsync(next, sequence).ConfigureAwait(false);
        _sent = sequence;
    }

    public override async ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var _ = OneAtATime();
        var receipt = await Producer.CommitAsync().ConfigureAwait(false);
        await WaitUntilMarkedAsync(_sent).ConfigureAwait(false);
        return receipt;
    }

    public override async ValueTask AbortAsync(CancellationToken cancellation)
    {
        using var _ = OneAtATime();
        await Producer.AbortAsync().ConfigureAwait(false);
    }

    private async Task WaitUntilMarkedAsync(long sequence)
    {
        var until = wire.Scheduler.NowUs + timeOutUs;
        try
        {
            while ((sequence >= 0 && !await IsOffsetMarkedAsync(sequence).ConfigureAwait(false)) || !await AreRecordsMarkedAsync().ConfigureAwait(false))
            {
                if (wire.Scheduler.NowUs > until) throw new IndefiniteOutcomeException($"the offsets or records of batch {sequence} of partition {partition} are not there");
                await wire.YieldAsync(process, 2_000).ConfigureAwait(false);
            }
        }
        catch (BrokerUnavailableException error)
        {
            throw new IndefiniteOutcomeException(error.Message);
        }
    }

    private async Task<bool> IsOffsetMarkedAsync(long sequence) =>
        await PeekCommittedAsync(CancellationToken.None).ConfigureAwait(false) is var group && group.Sequence == sequence && group.Transaction == Producer.Number;

    // As Streaming.Kafka: of partitions where others write as well it is looked after later.
    private async Task<bool> AreRecordsMarkedAsync()
    {
        (OutputTopic Topic, int Partition)[] written = [.. Producer.Written.Keys];
        var ends = await AskAsync(Label.Bounds, () => StableEnds(written), CancellationToken.None).ConfigureAwait(false);
        var hidden = written.Where((at, i) => ends[i] <= Producer.Written[at]).ToList();
        if (hidden.Exists(at => at.Topic is not (OutputTopic.Links or OutputTopic.Events))) return false;
        broker.Hidden += hidden.Count;
        foreach (var at in hidden) _unread[at] = (Producer.Written[at], wire.Scheduler.NowUs);
        return true;
    }

    private async Task LookAfterUnreadAsync(CancellationToken cancellation)
    {
        _nextLookUs = wire.Scheduler.NowUs + LookEachUs;
        (OutputTopic Topic, int Partition)[] places = [.. _unread.Keys];
        List<(OutputTopic Topic, int Partition)> overdue = [];
        try
        {
            var ends = await AskAsync(Label.Bounds, () => StableEnds(places), cancellation).ConfigureAwait(false);
            for (var i = 0; i < places.Length; i++)
            {
                if (!_unread.TryGetValue(places[i], out var record)) continue;
                if (ends[i] > record.Offset) _unread.Remove(places[i]);
                else if (wire.Scheduler.NowUs - record.SinceUs > GraceUs) overdue.Add(places[i]);
            }

            if (overdue.Count == 0) return;
            foreach (var at in overdue.Where(_unread.ContainsKey)) _unread[at] = (_unread[at].Offset, wire.Scheduler.NowUs);
            var open = await FindOpenAsync(overdue, cancellation).ConfigureAwait(false);
            if (open.Any(record => record.Shard == partition)) throw new IndefiniteOutcomeException($"a committed transaction of partition {partition} is open where others write as well");
        }
        catch (EngineException error) when (error is BrokerUnavailableException or RecordsHiddenException)
        {
            // looked after again
        }
    }

    private long[] StableEnds(IReadOnlyList<(OutputTopic Topic, int Partition)> of) => [.. of.Select(at => broker.Log(at.Topic, at.Partition).StableEnd)];

    private bool HasCommitted(PartitionLog log, long transaction)
    {
        for (var offset = 0L; offset < log.StableEnd; offset++)
        {
            var entry = log[offset];
            if (!entry.IsMarker && !entry.IsAborted && entry.Producer == partition && entry.Transaction == transaction) return true;
        }

        return false;
    }

    private List<TracedRecord> Uncommitted(OutputTopic topic, int at, long offset)
    {
        var log = broker.Log(topic, at);
        var records = new List<TracedRecord>();
        for (; offset < log.End; offset++)
        {
            if (!log[offset].IsMarker) records.Add(Traced(topic, at, offset, log[offset]));
        }

        return records;
    }

    private static TracedRecord Traced(OutputTopic topic, int at, long offset, LogEntry entry) => new(topic, at, offset, entry.Producer, entry.Transaction, entry.TimeMs, entry.Key, entry.Value);

    // As the real one: cancellation counts until a call starts; afterwards its own time limit does.
    private async Task<T> AskAsync<T>(Label label, Func<T> effect, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return await wire.AskAsync(process, label, broker.IsDown, effect, timeOutUs, () => new BrokerUnavailableException($"{label} of partition {partition}: no answer"), slowUs: 0, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task WaitAsync(long us, CancellationToken cancellation)
    {
        var promise = new TaskCompletionSource();
        wire.Scheduler.After(us, Label.Fetch, process, () => promise.TrySetResult());
        using var registration = cancellation.Register(() => promise.TrySetCanceled(cancellation));
        await promise.Task.ConfigureAwait(false);
    }

    // What the client fetched already: the stable records up to now, often fewer, sometimes with an end mark that is no longer true.
    private void Take(SourceTopic topic, RecordBatch into, int maxRecords)
    {
        ref var position = ref _positions[(int)topic];
        if (position < 0 || into.NextOffset != position) throw new InvalidOperationException($"{topic} [{partition}]: the batch stands at {into.NextOffset}, the reader at {position}; seek first.");
        var log = broker.Log(topic, partition);
        var stable = log.StableEnd;
        var end = broker.IsDown() ? position : stable;
        var isBehind = end > position && rng.Chance(0.25);
        if (isBehind) end = rng.Between(position, end);
        for (; position < end && into.Count < maxRecords; position++)
        {
            var entry = log[position];
            if (entry.IsMarker || entry.IsAborted) continue;
            into.Add(position, entry.TimeMs, !entry.IsCreateTime, entry.Key, entry.Key is null, entry.Value, entry.Value is null);
        }

        into.NextOffset = position;
        into.Behind = log.End - position;
        into.AtEnd = position == stable || (isBehind && position == end && position >= _stableAtSeek[(int)topic] && rng.Chance(0.3));
    }

    private Releaser OneAtATime()
    {
        if (_running++ > 0) throw new InvalidOperationException($"partition {partition}: two transactional calls at once");
        return new Releaser(this);
    }

    private readonly struct Releaser(SimulatedShardBroker owner) : IDisposable
    {
        public void Dispose() => owner._running--;
    }
}
