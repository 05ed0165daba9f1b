using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Broker;

/// <summary>The simulated cluster as one shard sees it. It is as strict as the real one about the order of calls.</summary>
internal sealed class SimulatedShardBroker(BrokerModel broker, Wire wire, Rng rng, Process process, int partition, long timeOutUs) : IShardBroker
{
    private readonly long[] _positions = [-1, -1, -1];
    private readonly long[] _stableAtSeek = new long[3];
    private TransactionalClient? _producer;
    private long _sent = -1;
    private int _running;

    public int Partition => partition;

    /// <summary>Called where a take-over begins anew: whatever the owner knew it has dropped by then.</summary>
    public Action? Initialised { get; init; }

    private TransactionalClient Producer => _producer ?? throw new InvalidOperationException($"partition {partition}: initialise transactions first.");

    public async ValueTask InitTransactionsAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _producer = null;
        Initialised?.Invoke();
        var producer = new TransactionalClient(broker, wire, process, partition, timeOutUs);
        await producer.InitialiseAsync().ConfigureAwait(false);
        _producer = producer;
    }

    public async ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation)
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

    public async ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation) =>
        await AskAsync(Label.FetchOffsets, () => broker.Coordinator(partition).Group, cancellation).ConfigureAwait(false);

    public async ValueTask<bool> HasOpenTransactionAsync(OutputTopic topic, int at, CancellationToken cancellation)
    {
        var end = await AskAsync(Label.Bounds, () => broker.Log(topic, at).End, cancellation).ConfigureAwait(false);
        return end > await AskAsync(Label.Bounds, () => broker.Log(topic, at).StableEnd, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation) =>
        await AskAsync(Label.Bounds, () => new PartitionBounds(0, broker.Log(topic, partition).StableEnd), cancellation).ConfigureAwait(false);

    public async ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await wire.YieldAsync(process).ConfigureAwait(false);
        _positions[(int)topic] = offset;
        _stableAtSeek[(int)topic] = broker.Log(topic, partition).StableEnd;
    }

    public async ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
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

    public async ValueTask<IReadOnlyList<byte[]>> ReadUncommittedAsync(SourceTopic topic, long offset, CancellationToken cancellation) =>
        await AskAsync(Label.Fetch, () => Uncommitted(broker.Log(topic, partition), offset), cancellation).ConfigureAwait(false);

    public void Begin()
    {
        _sent = -1;
        Producer.Begin();
    }

    public void Produce(OutputTopic topic, int to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Producer.Produce(topic, to, key, value);

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var _ = OneAtATime();
        await Producer.FlushAsync().ConfigureAwait(false);
    }

    public async ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var _ = OneAtATime();
        await Producer.SendOffsetsAsync(next, sequence).ConfigureAwait(false);
        _sent = sequence;
    }

    public async ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var _ = OneAtATime();
        var receipt = await Producer.CommitAsync().ConfigureAwait(false);
        if (_sent >= 0) await WaitUntilMarkedAsync(_sent).ConfigureAwait(false);
        return receipt;
    }

    public async ValueTask AbortAsync(CancellationToken cancellation)
    {
        using var _ = OneAtATime();
        await Producer.AbortAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => default;

    private async Task WaitUntilMarkedAsync(long sequence)
    {
        var until = wire.Scheduler.NowUs + timeOutUs;
        try
        {
            while (await PeekCommittedAsync(CancellationToken.None).ConfigureAwait(false) is var group && (group.Sequence != sequence || group.Owner != Producer.Number))
            {
                if (wire.Scheduler.NowUs > until) throw new IndefiniteOutcomeException($"the offsets of batch {sequence} of partition {partition} are not the group's");
                await wire.YieldAsync(process, 2_000).ConfigureAwait(false);
            }
        }
        catch (BrokerUnavailableException error)
        {
            throw new IndefiniteOutcomeException(error.Message);
        }
    }

    private static List<byte[]> Uncommitted(PartitionLog log, long offset)
    {
        var values = new List<byte[]>();
        for (; offset < log.End; offset++)
        {
            if (!log[offset].IsMarker && log[offset].Value is { Length: > 0 } value) values.Add(value);
        }

        return values;
    }

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
            into.Add(position, entry.TimeMs, true, entry.Key, entry.Key is null, entry.Value, entry.Value is null);
        }

        into.NextOffset = position;
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
