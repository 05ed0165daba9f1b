using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// The silent replay from R to the end of the batch records, batch by batch: at take-over for the whole shard, later for single users whose row could not be read. It applies
/// the very code of the live fold; what a row holds already is skipped. A row that is refused parks its user. Without a loader no row is read: all that is known is in memory from the start.
/// </summary>
internal sealed class Replay(IShardBroker broker, IEventDecoder decoder, UserLoader? loader, IVectorTables tables, ShardMemory memory, ParkedOutputs outputs, int maxRecords)
{
    private readonly FactFold _facts = new(memory);
    private readonly TopicRun _events = new(broker, SourceTopic.Events, maxRecords);
    private readonly TopicRun _control = new(broker, SourceTopic.Control, maxRecords);
    private readonly DecodedBatch _decoded = new();
    private readonly HashSet<UserKey> _keys = [];
    private readonly Dictionary<string, byte[]> _loggedTables = new(StringComparer.Ordinal);
    private int _nextEvent;
    private int _nextRecord;
    private bool _isStarted;

    /// <summary>Only these users are folded, where set.</summary>
    public IReadOnlySet<UserKey>? Only { get; init; }

    /// <summary>See <see cref="BatchFold.AwaitingErase"/>.</summary>
    public ISet<UserKey>? AwaitingErase { get; init; }

    /// <summary>Users whose row may be refused; beyond it the replay gives up, as the live shard does.</summary>
    public int MaxParked { get; init; } = int.MaxValue;

    /// <summary>Called with the users touched by each replayed batch.</summary>
    public Action<BatchFold>? Touched { get; init; }

    /// <summary>Told of what is neither a batch record nor a table, where set.</summary>
    public OutputRepair? Repair { get; init; }

    /// <summary>Loads due buckets up to a time, so that session ends of absent users happen in the replay too; unset in a side replay.</summary>
    public Func<long, CancellationToken, ValueTask>? LoadDues { get; init; }

    /// <summary>Offset in <c>control</c> after the last batch record replayed; at first where the first one is looked for.</summary>
    public long ControlOffset { get; set; }

    /// <summary>Batches applied.</summary>
    public long Batches { get; private set; }

    /// <summary>True once a batch record was read, be it the one of the state itself.</summary>
    public bool HasAny { get; private set; }

    /// <summary>Replays batch records, from the first or from where the call before stopped.</summary>
    /// <param name="controlEnd">Stable end of <c>control</c>.</param>
    /// <param name="committed">Stops before the first batch record beyond it; -1: goes on to the last one.</param>
    /// <param name="isTimeUp">Asked after each batch: true stops here; null: never.</param>
    /// <param name="cancellation">Cancels.</param>
    public async ValueTask RunAsync(long controlEnd, ShardOffsets committed, Func<bool>? isTimeUp, CancellationToken cancellation)
    {
        await PlaceAsync(cancellation).ConfigureAwait(false);
        while (_nextRecord < _control.Batch.Count || await ReadControlAsync(controlEnd, cancellation).ConfigureAwait(false))
        {
            var record = _control.Batch.Records[_nextRecord];
            if (ControlJson.ReadBatch(_control.Batch.Value(record)) is { } batch)
            {
                if (committed.Events >= 0 && (batch.EventsTo > committed.Events || batch.LinksTo > committed.Links)) return;
#if SIMULATION_DEFECTS
                if (Defects.Has(Defect.ReplayOneBatchShort) && committed.Events >= 0 && batch.EventsTo >= committed.Events) return;
#endif
                if (await TryApplyAsync(batch, cancellation).ConfigureAwait(false)) Batches++;
                HasAny = true;
                ControlOffset = record.Offset + 1;
                _loggedTables.Clear();
            }
            else if (ControlJson.ReadTable(_control.Batch.Value(record)) is { } table)
            {
                _loggedTables[table.Sha256] = table.Bytes; // of the batch record that follows
            }
            else
            {
                Repair?.Note(_control.Batch.Value(record));
            }

            _nextRecord++;
            if (isTimeUp?.Invoke() == true) return;
        }
    }

    private async ValueTask PlaceAsync(CancellationToken cancellation)
    {
        if (_isStarted)
        {
            await _control.ResumeAsync(cancellation).ConfigureAwait(false);
            await _events.ResumeAsync(cancellation).ConfigureAwait(false);
            return;
        }

        await _control.StartAsync(ControlOffset, cancellation).ConfigureAwait(false);
        await _events.StartAsync(memory.Position.Events, cancellation).ConfigureAwait(false);
        _isStarted = true;
    }

    private async ValueTask<bool> ReadControlAsync(long controlEnd, CancellationToken cancellation)
    {
        // At the end the records read last stay where they are, all of them applied: a later call goes on behind them.
        if (!await _control.ReadOnAsync(controlEnd, cancellation).ConfigureAwait(false)) return false;
        _nextRecord = 0;
        return true;
    }

    private async ValueTask<bool> TryApplyAsync(ControlBatch batch, CancellationToken cancellation)
    {
        if (batch.Sequence == memory.State.Sequence && memory.Position == new ShardOffsets(batch.EventsTo, batch.LinksTo, batch.ControlTo)) return false; // written once more (ForgottenBatches)
        if (batch.Sequence != memory.State.Sequence + 1 || batch.EventsFrom != memory.Position.Events || batch.LinksFrom != memory.Position.Links)
        {
            throw new LogTruncatedException($"batch record {batch.Sequence} starts at events {batch.EventsFrom}, links {batch.LinksFrom}; the state stands at batch "
                + $"{memory.State.Sequence}, events {memory.Position.Events}, links {memory.Position.Links}: records between them are missing");
        }

        await LoadTablesAsync(batch, cancellation).ConfigureAwait(false);
        var fold = new BatchFold(memory, _facts) { Only = Only, AwaitingErase = AwaitingErase };
        fold.Begin();
        foreach (var fact in batch.Facts ?? [])
        {
            if (fact.User is null) continue;
            var key = new UserKey(Encoding.UTF8.GetBytes(fact.User));
            if (fact.Type == FactTypes.Park) outputs.Park(key);
            else if (fact.Type == FactTypes.Unpark) outputs.Unpark(key);
            // Who was parked for a session's end alone has no event here: the row is loaded for it, or the session would end, and its record go out, once more later.
            if (fact.Type is FactTypes.Park or FactTypes.Alert or FactTypes.Ended) _keys.Add(key);
        }

        outputs.BeginBatch(IsDeferred(batch), EndedIn(batch)); // after the facts: who was parked when its due entry could be read at last still owes the session that ended meanwhile
        await LoadAsync(cancellation).ConfigureAwait(false);
        await LoadDuesAsync(batch, LatestTick(batch), cancellation).ConfigureAwait(false);
        var nextFact = fold.ApplyOpeningFacts(batch.Facts, batch.EventsFrom, batch.Sequence, outputs);
        await ApplyLinksAsync(batch, fold, cancellation).ConfigureAwait(false);
        await ApplyEventsAsync(batch, fold, nextFact, cancellation).ConfigureAwait(false);
        memory.Position = new ShardOffsets(batch.EventsTo, batch.LinksTo, batch.ControlTo);
        memory.State.Sequence = batch.Sequence;
        outputs.Touched(fold.Touched);
        CrashPoint.HitWhere(Only is null && batch.EventsTo > batch.EventsFrom, "A10-replaying");
        Touched?.Invoke(fold);
        ShardMetrics.ReplayedEvents.Add(batch.EventsTo - batch.EventsFrom);
        return true;
    }

    private async ValueTask ApplyLinksAsync(ControlBatch batch, BatchFold fold, CancellationToken cancellation)
    {
        if (batch.LinksTo == batch.LinksFrom) return;
        var run = new TopicRun(broker, SourceTopic.Links, maxRecords);
        await run.StartAsync(batch.LinksFrom, cancellation).ConfigureAwait(false);
        while (await run.ReadOnAsync(batch.LinksTo, cancellation).ConfigureAwait(false))
        {
            foreach (ref readonly var record in run.Batch.Records)
            {
                if (record.Offset < batch.LinksTo) AddLinkKey(run.Batch.Value(record));
            }

            await LoadAsync(cancellation).ConfigureAwait(false);
            fold.ApplyLinks(run.Batch, batch.LinksTo, batch.Sequence, batch.EventsFrom, outputs);
        }
    }

    private async ValueTask ApplyEventsAsync(ControlBatch batch, BatchFold fold, int nextFact, CancellationToken cancellation)
    {
        while (true)
        {
            if (_nextEvent < _decoded.Count && _decoded.Events[_nextEvent].Offset < batch.EventsTo)
            {
                await LoadDuesAsync(batch, LatestEvent(batch.EventsTo), cancellation).ConfigureAwait(false);
                _nextEvent = fold.ApplyEvents(_decoded, _nextEvent, batch.EventsTo, batch.Sequence, batch.Facts, ref nextFact, outputs);
            }

            if (_nextEvent < _decoded.Count || !await _events.ReadOnAsync(batch.EventsTo, cancellation).ConfigureAwait(false)) break;
            decoder.Decode(_events.Batch, broker.Partition, _decoded);
            _nextEvent = 0;
            AddEventKeys(); // loaded with the due entries, which know how new their rows must be
        }

        fold.ApplyRemainingFacts(batch.Facts, nextFact, batch.Sequence, outputs);
    }

    private async ValueTask LoadTablesAsync(ControlBatch batch, CancellationToken cancellation)
    {
        foreach (var fact in batch.Facts ?? [])
        {
            if (fact.Type != FactTypes.Table) continue;
            _facts.Tables[fact.Sha256!] = await tables.LoadAsync(fact.Sha256!, fact.Value == FactTypes.Base, _loggedTables.GetValueOrDefault(fact.Sha256!), cancellation).ConfigureAwait(false);
        }
    }

    // As the live batch did: buckets up to the latest time of the batch, unless it had to defer them.
    private async ValueTask LoadDuesAsync(ControlBatch batch, long untilMs, CancellationToken cancellation)
    {
        if (untilMs == long.MinValue) return;
        if (LoadDues is not null)
        {
            if (!IsDeferred(batch)) await LoadDues(Math.Max(untilMs, memory.State.StreamTimeMs), cancellation).ConfigureAwait(false);
            memory.SessionDues.CollectUntil(untilMs, _keys);
        }

        await LoadAsync(cancellation).ConfigureAwait(false);
    }

    private async ValueTask LoadAsync(CancellationToken cancellation)
    {
        if (loader is null)
        {
            _keys.Clear();
            return;
        }

        await loader.LoadAsync(memory, _keys, null, cancellation).ConfigureAwait(false);
        _keys.Clear();
        foreach (var (key, cause, error) in loader.Unreadable)
        {
            if (cause == ParkCause.Away) throw error;
            if (memory.Parked.Count >= MaxParked) throw new StoreUnavailableException($"more than {MaxParked} profiles cannot be read", error);
            memory.Parked.Add(key, new ParkedUser(cause));
            ShardMetrics.Refused(cause);
            ShardMetrics.UsersParked.Add(1);
        }
    }

    private long LatestEvent(long toOffset)
    {
        var latest = memory.State.StreamTimeMs;
        foreach (ref var e in _decoded.Events[_nextEvent..])
        {
            if (e.Offset >= toOffset) break;
            EventRules.Clamp(ref e, memory.State.Settings.FutureAllowanceMs);
            if (e.Reason == DeadLetterReason.None) latest = Math.Max(latest, e.OccurredAtMs);
        }

        return latest;
    }

    private void AddEventKeys()
    {
        foreach (ref readonly var e in _decoded.Events)
        {
            if (e.Reason != DeadLetterReason.None) continue;
            var key = _decoded.Of(e.User);
            if (memory.Users.Find(e.UserHash, key) is null) _keys.Add(new UserKey(key.ToArray(), e.UserHash));
        }
    }

    private void AddLinkKey(ReadOnlySpan<byte> value)
    {
        if (LinkJson.Read(value) is { } delta) _keys.Add(UserKey.User(delta.UserId));
    }

    private static HashSet<UserKey> EndedIn(ControlBatch batch) =>
        [.. batch.Facts?.Where(f => f.Type == FactTypes.Ended).Select(f => new UserKey(Encoding.UTF8.GetBytes(f.User!))) ?? []];

    private static bool IsDeferred(ControlBatch batch) => batch.Facts?.Any(f => f.Type == FactTypes.DuesDeferred) == true;

    private static long LatestTick(ControlBatch batch) =>
        batch.Facts?.Where(f => f.Type == FactTypes.Tick).Select(f => f.TimeMs ?? 0).DefaultIfEmpty(long.MinValue).Max() ?? long.MinValue;
}
