using System.Collections.Concurrent;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// The protocol of one user shard: the way of a batch through the eight stages, exactly once. No Akka, Kafka, thread or timer of its own.
/// <para>1 Ingest: the next records of the shard's partition of events, links and control. 2 Decode: events or dead letters.
/// 3 Fold: rows are loaded on first touch, then links, events and facts move the profiles. 4 Recall, 5 Score, 6 Rerank: lists for the users touched.
/// 7 Emit: one transaction with outputs, the batch record and the input offsets. 8 Snapshot: rows of changed profiles, then R.</para>
/// <para>Kafka's committed offset C, and the batch records that move with it, are the only truth about progress. After any error the driver calls <see cref="TakeOverAsync"/> again: memory is dropped whole and built anew from R and the log.</para>
/// </summary>
public sealed class UserShard : IUserShard
{
    private const int MaxPasses = 8;
    private readonly ShardServices _services;
    private readonly IShardBroker _broker;
    private readonly IShardStore _store;
    private readonly IEventDecoder _decoder;
    private readonly Ingest _ingest;
    private readonly StoreMark _mark;
    private readonly StoreWaits _waits;
    private readonly UserLoader _loader;
    private readonly EarlyTables _early;
    private readonly Flusher _flusher;
    private readonly ChurnModel _churn;
    private readonly ChurnStage _churnStage;
    private readonly OutputWriter _writer;
    private readonly RecommendStage _recommend;
    private readonly DeadLetterWriter _deadLetters = new();
    private readonly ShardWork _work;
    private readonly Ownership _ownership;
    private readonly UserQueries _queries;
    private readonly ConcurrentBag<ShardBatch> _free = [];
    private TaskCompletionSource? _caughtUp;
    private ShardOffsets _awaited;
    private ShardMemory? _memory;
    private readonly Lock _committing = new();
    private ShardOffsets _committedOffsets = ShardOffsets.None;
    private long _controlOffset;
    private bool _isWorked;
    private string _phase = "new";
    private volatile TakeOverSteps? _steps;
    private volatile ShardStatus _status;

    /// <summary>A shard over its broker and rows, both of which it disposes.</summary>
    public UserShard(ShardServices services, IShardBroker broker, IShardStore store)
    {
        _services = services;
        _broker = broker;
        _store = store;
        _ownership = new Ownership(broker);
        _decoder = services.Decoder();
        _mark = new StoreMark(store, services.Shard);
        _waits = new StoreWaits(services.Time, services.Shard.LoadBudget);
        _loader = new UserLoader(store, services.Items, _mark);
        _early = new EarlyTables(store, services.VectorTables);
        _flusher = new Flusher(store, _mark, services.Items, services.Shard, services.Time);
        _churn = new ChurnModel(services.Churn);
        _writer = new OutputWriter(services.Items, broker.Partition);
        _churnStage = new ChurnStage(services, _churn, _writer, broker.Partition);
        _recommend = new RecommendStage(services, _writer, broker.Partition);
        _ingest = new Ingest(broker, _decoder, services.Shard);
        _queries = new UserQueries(services, _loader, _waits.Rows, _churn, _recommend, broker.Wake);
        _work = new ShardWork(services, broker, store, _waits, _loader, _churnStage, _writer);
        _status = new ShardStatus(_phase, Committed, ShardOffsets.None, 0, 0, 0, 0, 0, null);
    }

    /// <inheritdoc/>
    public int Partition => _broker.Partition;

    /// <inheritdoc/>
    public ShardStatus Status => _steps is { } steps ? _status with { TakeOver = steps.ToString() } : _status;

    private ShardOffsets Committed
    {
        get { lock (_committing) return _committedOffsets; }
        set { lock (_committing) _committedOffsets = value; }
    }

    /// <inheritdoc/>
    public async ValueTask TakeOverAsync(CancellationToken cancellation)
    {
        // What a coordinator left hanging is ended by one pass and written once more by another; each goes through the fence anew, which waits for the markers.
        var hanging = new HangingTransaction(_broker, _services.Partitions, _ownership.Sends);
        var steps = _steps = new TakeOverSteps(_services.Time);
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            if (await TryTakeOverAsync(hanging, steps, cancellation).ConfigureAwait(false)) return;
        }

        throw CommittedOffset.Hangs(Partition);
    }

    private async ValueTask<bool> TryTakeOverAsync(HangingTransaction hanging, TakeOverSteps steps, CancellationToken cancellation)
    {
        Enter("taking-over");
        steps.Begin("flush");
#if SIMULATION_DEFECTS
        var kept = Defects.Has(Defect.MemoryKeptAtTakeOver) ? _memory : null;
        var early = Defects.Has(Defect.LogEndReadBeforeFence) ? await _broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false) : default;
#endif
        _memory = null;
        _free.Clear();
        _queries.Refuse();
        ShardMetrics.TakeOvers.Add(1);
        await _flusher.SettleAsync(cancellation).ConfigureAwait(false); // a flush of committed state is always worth finishing
        await _ownership.YieldToNewerAsync(cancellation).ConfigureAwait(false);
        await _early.StartAsync(cancellation).ConfigureAwait(false);
        steps.Begin("fence");
#if SIMULATION_DEFECTS
        if (!Defects.LeavesInitOut(this, isFirst: _controlOffset == 0))
#endif
        await _broker.InitTransactionsAsync(cancellation).ConfigureAwait(false);
        steps.Begin("offsets");
        CrashPoint.Hit("A12-initialised");
        if (await new CommittedOffset(_broker, hanging).TryReadAsync(cancellation).ConfigureAwait(false) is not { } committed) return false;
        steps.Begin("bounds");
#if SIMULATION_DEFECTS
        if (kept is not null)
        {
            _memory = kept;
            Committed = committed.Offsets;
            await _ingest.StartAsync(kept.Position, 0, cancellation).ConfigureAwait(false);
            Enter("running");
            return true;
        }
#endif
        Enter("replaying");
#if SIMULATION_DEFECTS
        var restored = Defects.TookOver(this, await RestoreAsync(committed, Defects.Has(Defect.LogEndReadBeforeFence) ? early : null, steps, cancellation).ConfigureAwait(false));
#else
        var restored = await RestoreAsync(committed, null, steps, cancellation).ConfigureAwait(false);
#endif
        if (restored is null) return false;
        CrashPoint.Hit("A12-restored");
        _ownership.Took(restored.Memory.Position);
        _memory = restored.Memory;
        _work.Restart(restored);
        (Committed, _controlOffset) = (restored.Memory.Position, restored.ControlOffset);
        _flusher.Restart(restored.Durable, restored.DurableRow);
        _isWorked = true;
        await _ingest.StartAsync(restored.Memory.Position, restored.ControlEnd, cancellation).ConfigureAwait(false);
        steps.Record();
        (_status, _steps) = (_status with { Committed = Committed, Durable = _flusher.Durable, ParkedUsers = restored.Memory.Parked.Count, DefersDues = _work.DefersDues, TakeOver = steps.ToString() }, null);
        Enter("running");
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<ShardBatch> IngestAsync(CancellationToken cancellation)
    {
        if (!_free.TryTake(out var batch)) batch = new ShardBatch();
        batch.Reset();
        await _ingest.ReadAsync(batch, cancellation).ConfigureAwait(false); // 1, 2
        return batch;
    }

    /// <inheritdoc/>
    public async ValueTask WorkAsync(ShardBatch batch, CancellationToken cancellation)
    {
        var memory = _memory ?? throw new InvalidOperationException("take over first");
        var started = _services.Time.GetTimestamp();
        _isWorked = false;
        _waits.Begin();
        await WaitForStoreAsync(memory, cancellation).ConfigureAwait(false);
        if (_work.WantsUnpark(memory)) await WaitForCommitsAsync(memory.Position).WaitAsync(cancellation).ConfigureAwait(false);
        await _work.TryUnparkAsync(memory, _ingest, batch, cancellation).ConfigureAwait(false);
        await _work.FoldAsync(memory, batch, cancellation).ConfigureAwait(false); // 3
        CrashPoint.HitWhere(batch.Events.Count > 0, "A2-folded");
        CrashPoint.HitWhereErasing(batch, "A15-erase-folded");
        await _recommend.RunAsync(memory, _work.Touched, batch.Outputs, cancellation).ConfigureAwait(false); // 4, 5, 6
        WriteDeadLetters(batch);
        Close(memory, batch);
        _work.Refused(memory, await _queries.WorkAsync(memory, batch, cancellation).ConfigureAwait(false));
        if (_flusher.IsDue(memory)) batch.Flush = _flusher.Serialise(memory);
#if SIMULATION_DEFECTS
        if (batch.Flush is not null && Defects.Has(Defect.SnapshotAheadOfCommit))
        {
            _flusher.Start(batch.Flush, _controlOffset);
            batch.Flush = null;
        }
#endif
        _work.Evict(memory, _flusher.DurableNumber);
        _isWorked = true;
        ShardMetrics.WorkSeconds.Record(_services.Time.GetElapsedTime(started).TotalSeconds);
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(ShardBatch batch, CancellationToken cancellation)
    {
        if (!batch.IsEmpty) await EmitAsync(batch, cancellation).ConfigureAwait(false); // 7
        _queries.Answer(batch);
        if (batch.Flush is not null)
        {
            await _flusher.CompletionAsync(cancellation).ConfigureAwait(false);
            CrashPoint.Hit("A7-committed");
            _flusher.Start(batch.Flush, _controlOffset); // 8
        }

        Report(batch);
        _free.Add(batch);
        WakeWaitingWork();
    }

    /// <inheritdoc/>
    public async ValueTask HandOffAsync(CancellationToken cancellation)
    {
        Enter("handing-off");
        if (_memory is null) return;
        // Only state at or below C may be flushed (design rule 4.2); what a batch cut short left behind is no state at all.
        if (!_isWorked || _memory.Position != Committed) throw new InvalidOperationException("a batch was begun and not committed: take over again, or stop without a hand-off");
        CrashPoint.Hit("A11-hand-off-begun");
        await _flusher.CompletionAsync(cancellation).ConfigureAwait(false);
#if SIMULATION_DEFECTS
        if (!_work.OwesOutputs || Defects.Has(Defect.OwedOutputsLostAtHandOff))
#else
        if (!_work.OwesOutputs)
#endif
        {
            _flusher.Start(_flusher.Serialise(_memory), _controlOffset);
            await _flusher.CompletionAsync(cancellation).ConfigureAwait(false);
        }

        CrashPoint.Hit("A11-flushed");
        Enter("stopped");
    }

    /// <inheritdoc/>
    public Task<UserView?> QueryAsync(UserKey user, CancellationToken cancellation) => _queries.AskAsync(user, cancellation);

    /// <inheritdoc/>
    public Task<UserList> RecommendAsync(UserKey user, int length, CancellationToken cancellation) => _queries.AskListAsync(user, length, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queries.Refuse();
        await _flusher.DisposeAsync().ConfigureAwait(false);
        await _early.SettleAsync().ConfigureAwait(false);
        await _broker.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _writer.Dispose();
    }

    // What a newer owner committed and made durable after C was read here looks like a log that lost records: then nobody must act, this owner must go.
    private async ValueTask<Restored?> RestoreAsync(FoundOffsets committed, PartitionBounds? control, TakeOverSteps steps, CancellationToken cancellation)
    {
        try
        {
            return await new Restore(_services, _broker, _store, _decoder, _loader, _writer, _churnStage, _mark, _early, steps).RunAsync(committed, control, cancellation).ConfigureAwait(false);
        }
        catch (EngineException error) when (error.Action == ErrorAction.Fatal)
        {
            await _ownership.ProveAsync(committed, error, cancellation).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask EmitAsync(ShardBatch batch, CancellationToken cancellation)
    {
        var started = _services.Time.GetTimestamp();
#if SIMULATION_DEFECTS
        if (!Defects.Has(Defect.UnreadRecordsIgnored))
#endif
        if (batch.Outputs.Shared.Count > 0) await _broker.WaitUntilReadableAsync(batch.Outputs.Shared, cancellation).ConfigureAwait(false);
        _broker.Begin();
        batch.Outputs.ProduceControlTo(_broker); // control first: no transaction is without it (HangingTransaction)
        _broker.Produce(OutputTopic.Control, Partition, default, batch.Record.WrittenSpan);
        batch.Outputs.ProduceTo(_broker, batch.Paused);
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.OffsetOneTooHigh)) batch.Next = batch.Next with { Events = batch.Next.Events + 1 };
#endif
        CrashPoint.Hit("A4-produced");
        _ownership.Sends(batch.Next);
        await _broker.SendOffsetsAsync(batch.Next, batch.Sequence, cancellation).ConfigureAwait(false);
        CrashPoint.Hit("A5-offsets-sent");
        CrashPoint.Hit("A6-committing");
#if SIMULATION_DEFECTS
        CommitReceipt receipt;
        try
        {
            receipt = await _broker.CommitAsync(cancellation).ConfigureAwait(false);
        }
        catch (IndefiniteOutcomeException) when (Defects.Unclear(this) && Defects.Has(Defect.UnclearOutcomeTakenForCommitted))
        {
            receipt = new CommitReceipt(_controlOffset, 0);
        }
#else
        var receipt = await _broker.CommitAsync(cancellation).ConfigureAwait(false);
#endif
        CrashPoint.HitWhereErasing(batch, "A15-erase-committed");
        Committed = batch.Next;
        _ownership.Took(batch.Next);
        _controlOffset = receipt.ControlOffset + 1;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.ControlOffsetOneTooHigh)) _controlOffset += 2;
#endif
        _work.Committed(receipt.AppendTimeMs);
        ShardMetrics.CommitSeconds.Record(_services.Time.GetElapsedTime(started).TotalSeconds);
        ShardMetrics.Batches.Add(1);
        if (batch.AppendTimes.LastMs > 0 && receipt.AppendTimeMs > 0) ShardMetrics.FreshnessSeconds.Record(Math.Max(0, receipt.AppendTimeMs - batch.AppendTimes.FirstMs) / 1000.0);
    }

    private async ValueTask WaitForStoreAsync(ShardMemory memory, CancellationToken cancellation)
    {
        var ahead = memory.Position.Events - Math.Max(0, _flusher.Durable.Events);
        if (!_flusher.IsWriting) return;
        if (ahead <= _services.Shard.MaxEventsBeyondDurable && memory.Dirty.Count <= _services.Shard.MaxResidentUsers) return;
        await _flusher.CompletionAsync(cancellation).ConfigureAwait(false);
    }

    // A side replay reads committed records only: what was folded before must be committed first.
    private Task WaitForCommitsAsync(ShardOffsets position)
    {
        lock (_committing)
        {
            if (_committedOffsets == position) return Task.CompletedTask;
            _awaited = position;
            _caughtUp = new TaskCompletionSource();
            return _caughtUp.Task;
        }
    }

    // Work goes on inline, without a pool thread between: nothing of the commit is left to do by now.
    private void WakeWaitingWork()
    {
        TaskCompletionSource? caughtUp;
        lock (_committing)
        {
            if (_caughtUp is null || _committedOffsets != _awaited) return;
            (caughtUp, _caughtUp) = (_caughtUp, null);
        }

        caughtUp.TrySetResult();
    }

    private void WriteDeadLetters(ShardBatch batch)
    {
        foreach (ref readonly var e in batch.Decoded.Events)
        {
            if (e.Reason == DeadLetterReason.None) continue;
            ref readonly var record = ref batch.Events.Records[e.Record];
            batch.Outputs.Add(OutputTopic.DeadLetters, Partition, DeadLetterWriter.Key(batch.Events, in record), _deadLetters.Write(_services.Topics.Events, Partition, batch.Events, record, e.Reason));
            ShardMetrics.DeadLetters.Add(1, new KeyValuePair<string, object?>("reason", e.Reason.WireName()));
        }
    }

    private void Close(ShardMemory memory, ShardBatch batch)
    {
        batch.IsEmpty = batch.Events.Count == 0 && batch.Links.Count == 0 && batch.Facts.Count == 0 && batch.Outputs.Count == 0;
        if (batch.IsEmpty) return;
        var from = memory.Position;
        batch.Next = new ShardOffsets(batch.Events.NextOffset, batch.Links.NextOffset, batch.Control.NextOffset);
        batch.Sequence = memory.State.Sequence + 1;
        ControlJson.Write(new ControlBatch
        {
            Sequence = batch.Sequence,
            EventsFrom = from.Events,
            EventsTo = batch.Next.Events,
            LinksFrom = from.Links,
            LinksTo = batch.Next.Links,
            ControlTo = batch.Next.Control,
            Facts = batch.Facts.Count == 0 ? null : batch.Facts,
        }, batch.Record);
        memory.Position = batch.Next;
        memory.State.Sequence = batch.Sequence;
        foreach (var topic in memory.State.Paused)
        {
            if (topic == _services.Topics.Recommendations) batch.Paused.Add(OutputTopic.Recommendations);
            else if (topic == _services.Topics.ChurnAlerts) batch.Paused.Add(OutputTopic.ChurnAlerts);
        }
    }

    private void Report(ShardBatch batch)
    {
        if (_memory is not { } memory) return;
        var lag = batch.Events.AtEnd ? 0 : Math.Max(1, batch.Events.Behind);
        _status = new ShardStatus(_phase, Committed, _flusher.Durable, lag, memory.State.StreamTimeMs, memory.Users.Count, memory.Dirty.Count, memory.Parked.Count, _flusher.Failure)
        {
            CompactUsers = memory.Compact.Count, CompactBytes = memory.Compact.Bytes,
            DefersDues = _work.DefersDues,
            LostUserCount = _work.Lost.Count,
            LostUsers = _work.Lost.Names,
            TakeOver = _status.TakeOver,
        };
    }

    private void Enter(string phase)
    {
        _phase = phase;
        _status = _status with { Phase = phase };
    }
}
