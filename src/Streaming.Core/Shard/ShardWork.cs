using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Emit;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Stage Fold of live batches: facts, rows on first touch, links, events, churn; and the profiles that are held back or leave memory.</summary>
internal sealed class ShardWork(ShardServices services, IShardBroker broker, IShardStore store, StoreWaits waits, UserLoader loader, ChurnStage churn, OutputWriter writer)
{
    private readonly BatchLookup _lookup = new();
    private readonly HashSet<UserKey> _keys = [];
    private readonly HashSet<int> _itemsWithoutVector = [];
    private readonly BatchFacts _batchFacts = new(services);
    private readonly Parking _parking = new(services, new SideReplays(services, broker, store, writer), waits.Rows, churn);
    private readonly HashSet<UserKey> _refused = [];
    private readonly Eviction _eviction = new(services.Shard);
    private Task<IReadOnlyList<NewVectorTable>>? _extending;
    private (string Sha256, Task<VectorTableVersion> Loading)? _base;
    private BatchFold? _fold;
    private FactFold? _facts;
    private DueLoader? _dues;
    private BatchOutputs? _outputs;
    private bool _mayOweEnds;

    /// <summary>Profiles that events of the batch touched.</summary>
    public IReadOnlyList<Touched> Touched => _fold!.Touched;

    /// <summary>Users that stay parked, because neither their row nor the log has their state; safe from any thread.</summary>
    public LostUsers Lost => _parking.Lost;

    /// <summary>True until the first batch after a take-over takes in the outputs that its replay found owed: rows made durable before would hide from the next owner that they are.</summary>
    public bool OwesOutputs => _parking.OwesOutputs;

    /// <summary>True while sessions that are over may wait for due entries to be read.</summary>
    public bool DefersDues => _mayOweEnds;

    /// <summary>A query met a row that was refused: the next batch parks its user, so that it is built anew before its next event.</summary>
    public void Refused(ShardMemory memory, IReadOnlyList<UnreadableRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Cause != ParkCause.Away && memory.Parked.Count + _refused.Count < services.Shard.MaxParkedUsers) _refused.Add(row.Key);
        }
    }

    /// <summary>Takes over what a restore made.</summary>
    public void Restart(Restored restored)
    {
        _facts = new FactFold(restored.Memory);
        _lookup.End();
        _fold = new BatchFold(restored.Memory, _facts) { Checks = churn };
        _dues = restored.Dues;
        _outputs = null;
        ForgetExtension();
        if (_base is var (_, unused)) _ = StoreWait.Forget(unused);
        _base = null;
        _mayOweEnds = true; // the owner before may have deferred them
        _batchFacts.Restart(restored.Memory);
        _parking.Restart(restored);
        _refused.Clear();
        _eviction.Restart();
    }

    /// <summary>A batch was committed, at this time of the broker's clock.</summary>
    public void Committed(long appendTimeMs) => _batchFacts.Committed(appendTimeMs);

    /// <summary>True where users are parked and it is time to try them again; everything folded must be committed first.</summary>
    public bool WantsUnpark(ShardMemory memory) => _parking.WantsUnpark(memory);

    /// <summary>Where users are parked and the store may be back: replays them and takes their events in.</summary>
    public ValueTask TryUnparkAsync(ShardMemory memory, Ingest ingest, ShardBatch batch, CancellationToken cancellation) =>
        _parking.TryUnparkAsync(memory, ingest, batch, cancellation);

    /// <summary>Moves the state past a batch.</summary>
    public async ValueTask FoldAsync(ShardMemory memory, ShardBatch batch, CancellationToken cancellation)
    {
        var fold = _fold!;
        var outputs = OutputsFor(memory, batch.Outputs);
        var sequence = memory.State.Sequence + 1;
        var eventsFrom = memory.Position.Events;
        var latest = _batchFacts.AddTo(memory, batch, eventsFrom);
        latest = Math.Max(latest, CollectKeys(memory, batch));
        var areDuesDeferred = !await LoadDuesAsync(memory, batch, latest, cancellation).ConfigureAwait(false);
        await LoadAsync(memory, batch, latest, cancellation).ConfigureAwait(false);
        await AddTablesAsync(memory, batch, eventsFrom, cancellation).ConfigureAwait(false);
        outputs.Ended = areDuesDeferred ? [] : null;
        fold.Begin();
        churn.Begin(batch.Outputs);
        var nextFact = fold.ApplyOpeningFacts(batch.Facts, eventsFrom, sequence, outputs);
#if SIMULATION_DEFECTS
        if (!Defects.Has(Defect.LinksAfterEvents))
#endif
        fold.ApplyLinks(batch.Links, batch.Links.NextOffset, sequence, eventsFrom, outputs);
        foreach (var user in fold.TouchedByLinks) churn.Index(memory, user);
        fold.Lookup = _lookup;
        fold.ApplyEvents(batch.Decoded, 0, long.MaxValue, sequence, batch.Facts, ref nextFact, outputs);
        _lookup.End();
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.LinksAfterEvents)) fold.ApplyLinks(batch.Links, batch.Links.NextOffset, sequence, eventsFrom, outputs);
#endif
        fold.ApplyRemainingFacts(batch.Facts, nextFact, sequence, outputs);
        fold.Owe(batch.Unparked, sequence);
        if (outputs.Ended is { } ended) AddEnded(batch, ended);
        churn.Run(memory, batch.Events.NextOffset); // a tick brings time without an event
        churn.End(batch.Facts);
        if (areDuesDeferred) NoteDeferral(batch, eventsFrom);
        Count(batch, fold);
    }

    /// <summary>Lets durable profiles leave memory.</summary>
    public void Evict(ShardMemory memory, long durableFlush)
    {
        if (_eviction.Run(memory, durableFlush) > 0) loader.StoreMayHoldRows = true;
    }

    private BatchOutputs OutputsFor(ShardMemory memory, OutputBuffer buffer)
    {
        _outputs ??= new BatchOutputs(writer, buffer, broker.Partition, services.Partitions, () => memory.State.StreamTimeMs);
        _outputs.Into = buffer;
        return _outputs;
    }

    private static void AddEnded(ShardBatch batch, HashSet<UserKey> ended)
    {
        foreach (var key in ended) batch.Facts.Add(new ControlFact { Type = FactTypes.Ended, Before = batch.Events.NextOffset, User = System.Text.Encoding.UTF8.GetString(key.Bytes) });
    }

    private long CollectKeys(ShardMemory memory, ShardBatch batch)
    {
        var latest = memory.State.StreamTimeMs;
        _keys.Clear();
        _keys.UnionWith(_refused);
        _refused.Clear();
        _itemsWithoutVector.Clear();
        _lookup.Begin(memory.Users, batch.Decoded);
        foreach (ref readonly var e in batch.Decoded.Events)
        {
            if (e.Reason == DeadLetterReason.None) latest = Math.Max(latest, e.OccurredAtMs);
        }

        _lookup.CollectUnknown(batch.Decoded, _keys);
        _lookup.NumberItems(batch.Decoded, services.Items, memory.State.Vectors, _itemsWithoutVector);
        CollectLinks(memory, batch);
        return latest;
    }

    private void CollectLinks(ShardMemory memory, ShardBatch batch)
    {
        foreach (ref readonly var record in batch.Links.Records)
        {
            if (LinkJson.Read(batch.Links.Value(record)) is not { } delta)
            {
                ShardMetrics.RefusedLinks.Add(1);
                continue;
            }

            _keys.Add(UserKey.User(delta.UserId));
            foreach (var action in delta.Actions)
            {
                var item = services.Items.GetOrAdd(System.Text.Encoding.UTF8.GetBytes(action.ItemId));
                if (memory.State.Vectors.VersionOf(item) == 0) _itemsWithoutVector.Add(item);
            }
        }
    }

    // False where the store does not give them, or not in time: it counts that.
    private async ValueTask<bool> LoadDuesAsync(ShardMemory memory, ShardBatch batch, long latest, CancellationToken cancellation)
    {
        try
        {
            await _dues!.LoadUntilAsync(memory, latest, waits.Dues, cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            _mayOweEnds = true;
            return false;
        }

        LetOverdueEnd(memory, batch);
        return true;
    }

    // A replay of this batch must not let them happen either, or their records would be lost with it. A batch that holds nothing is not replayed, and none is made for this.
    private static void NoteDeferral(ShardBatch batch, long before)
    {
        if (batch.Events.Count == 0 && batch.Links.Count == 0 && batch.Facts.Count == 0 && batch.Outputs.Count == 0) return;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.DeferralNotRecorded)) return;
#endif
        batch.Facts.Insert(0, new ControlFact { Type = FactTypes.DuesDeferred, Before = before });
    }

    private async ValueTask LoadAsync(ShardMemory memory, ShardBatch batch, long latest, CancellationToken cancellation)
    {
        memory.SessionDues.CollectUntil(latest, _keys);
        churn.CollectDue(memory, latest, _keys);
        // More than may be held back are waited for.
        var bounded = memory.Parked.Count + _keys.Count <= services.Shard.MaxParkedUsers ? waits.Rows : null;
        await loader.LoadAsync(memory, _keys, bounded, cancellation).ConfigureAwait(false);
        _parking.Park(memory, batch, loader.Unreadable);
    }

    // A session that ended while due entries were deferred is overdue. Its end is the first batch's that can read them, whatever that batch holds: a replay takes the record for written
    // with it. An event would bring the time; where none does, the batch says it itself.
    private void LetOverdueEnd(ShardMemory memory, ShardBatch batch)
    {
        if (!_mayOweEnds) return;
        _mayOweEnds = false;
        if (memory.SessionDues.FirstMs > memory.State.StreamTimeMs || batch.Facts.Exists(f => f.Type == FactTypes.Tick)) return;
        batch.Facts.Add(new ControlFact { Type = FactTypes.Tick, Before = memory.Position.Events, TimeMs = memory.State.StreamTimeMs });
    }

    // What the store gives in time is in force before the batch is folded; what comes later, with the batch that finds it there. Either way a fact says so, and the rings remember the actions until then.
    private async ValueTask AddTablesAsync(ShardMemory memory, ShardBatch batch, long before, CancellationToken cancellation)
    {
        if (services.VectorTables.BaseSha256 is { } wanted && !Holds(memory.State.Tables, wanted)) await AddBaseAsync(batch, before, wanted, cancellation).ConfigureAwait(false);
        if (_extending is null)
        {
            if (_itemsWithoutVector.Count == 0) return;
            _extending = StartExtending(memory.State.Vectors, cancellation);
        }

        if (!await waits.Tables.EndsInTimeAsync(_extending, cancellation).ConfigureAwait(false)) return;
        var extended = _extending;
        _extending = null;
        foreach (var made in await extended.ConfigureAwait(false))
        {
            AddTable(batch, before, made.Version);
#if SIMULATION_DEFECTS
            if (Defects.Has(Defect.TablesNotLogged)) continue;
#endif
            var record = JsonSerializer.SerializeToUtf8Bytes(new ControlTable { Sha256 = made.Version.Sha256, Bytes = made.Bytes }, ContractsJson.Default.ControlTable);
            batch.Outputs.Add(OutputTopic.Control, broker.Partition, default, record);
        }
    }

    private Task<IReadOnlyList<NewVectorTable>> StartExtending(ItemVectorTable inForce, CancellationToken cancellation) =>
        waits.Tables.StartAsync(() => services.VectorTables.ExtendAsync(inForce, _itemsWithoutVector, cancellation));

    private static bool Holds(List<(string Sha256, bool IsBase)> tables, string sha256)
    {
        foreach (var table in tables)
        {
            if (table.Sha256 == sha256) return true;
        }

        return false;
    }

    private async ValueTask AddBaseAsync(ShardBatch batch, long before, string wanted, CancellationToken cancellation)
    {
        if (_base?.Sha256 != wanted)
        {
            if (_base is var (_, unused)) _ = StoreWait.Forget(unused);
            _base = (wanted, waits.Tables.StartAsync(() => services.VectorTables.LoadAsync(wanted, isBase: true, logged: null, cancellation)));
        }

        var loading = _base.Value.Loading;
        if (!await waits.Tables.EndsInTimeAsync(loading, cancellation).ConfigureAwait(false)) return;
        _base = null;
        VectorTableVersion table;
        try
        {
            table = await loading.ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            return; // counted by the store; the next batch asks again
        }

        AddTable(batch, before, table);
        ForgetExtension(); // its items may have a trained vector now
        if (table.Entries is VectorBlock block) _itemsWithoutVector.RemoveWhere(item => block.SlotOf(item) >= 0);
        else foreach (var (id, _) in table.Entries) _itemsWithoutVector.Remove(services.Items.GetOrAdd(id));
    }

    private void ForgetExtension()
    {
        if (_extending is { } unused) _ = StoreWait.Forget(unused);
        _extending = null;
    }

    private void AddTable(ShardBatch batch, long before, VectorTableVersion version)
    {
        _facts!.Tables[version.Sha256] = version;
        batch.Facts.Add(new ControlFact { Type = FactTypes.Table, Before = before, Sha256 = version.Sha256, Value = version.IsBase ? FactTypes.Base : FactTypes.Additive });
    }

    private static void Count(ShardBatch batch, BatchFold fold)
    {
        var applied = 0;
        var clamped = 0;
        var createTime = 0;
        foreach (ref readonly var e in batch.Decoded.Events)
        {
            if (e.Reason != DeadLetterReason.None) continue;
            applied++;
            if (e.Clamped) clamped++;
        }

        var (first, last) = (long.MaxValue, 0L);
        foreach (ref readonly var record in batch.Events.Records)
        {
            if (!record.IsAppendTime)
            {
                createTime++;
                continue;
            }

            first = Math.Min(first, record.TimestampMs);
            last = Math.Max(last, record.TimestampMs);
        }

        if (last > 0) batch.AppendTimes = (first, last);
        if (clamped > 0) ShardMetrics.Clamped.Add(clamped);
        if (createTime > 0) ShardMetrics.CreateTime.Add(createTime);
        ShardMetrics.Events.Add(applied - fold.Duplicates);
        if (fold.Duplicates > 0) ShardMetrics.Duplicates.Add(fold.Duplicates);
        if (batch.Events.Count > 0) ShardMetrics.BatchEvents.Record(batch.Events.Count);
    }
}
