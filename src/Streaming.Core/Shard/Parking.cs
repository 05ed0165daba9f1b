using System.Text;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;

namespace Streaming.Core.Shard;

/// <summary>
/// Profiles whose row cannot be read are held back, never taken for new ones (design rule 4.6). The fact <c>park</c> says from where; R stays below it. Once the row can be read again, or from the beginning of
/// the log where it cannot be trusted, a side replay applies what was held back, exactly as a restore would, and the fact <c>unpark</c> goes out with the outputs that were owed.
/// </summary>
internal sealed class Parking(ShardServices services, SideReplays replays, StoreWait wait, ChurnStage churn)
{
    /// <summary>Users whom one try brings back at most: the record of its batch must stay one that a broker takes. The others come with the batches after it; those whom a take-over's replay brought back come together.</summary>
    public const int MaxBroughtBack = 2_000;

    private readonly List<UserKey> _unannounced = [];
    private IReadOnlyList<OwedOutputs> _owed = [];
    private ParkedRows? _rows;
    private SideReplay? _side;
    private long _lastTry;
    private long _chosenAt;
    private bool _goesOn;

    /// <summary>The first of the users that cannot be brought back, for the status; safe from any thread.</summary>
    public volatile LostUsers Lost = LostUsers.None;

    /// <summary>After a take-over.</summary>
    public void Restart(Restored restored)
    {
        _owed = restored.Owed;
        if (_rows is { } unread) _ = StoreWait.Forget(unread.Reading);
        _rows = null;
        _side = null;
        _goesOn = false;
        _lastTry = services.Time.GetTimestamp();
        _unannounced.Clear();
        _unannounced.AddRange(restored.Memory.Parked.Keys);
        Lost = LostUsers.None;
    }

    /// <summary>True until the first batch after a take-over takes in what was found owed.</summary>
    public bool OwesOutputs => _owed.Count > 0;

    /// <summary>True where someone is parked and it is time for another try.</summary>
    public bool WantsUnpark(ShardMemory memory) => memory.Parked.Count > 0 && (_goesOn || services.Time.GetElapsedTime(_lastTry) >= services.Shard.ParkedRetry)
        && (_side is not null || _rows is not null || memory.Parked.Values.Any(IsDue));

    /// <summary>Holds back keys that could not be read.</summary>
    public void Park(ShardMemory memory, ShardBatch batch, List<UnreadableRow> unreadable)
    {
        foreach (var (key, cause, error) in unreadable)
        {
            if (memory.Parked.ContainsKey(key)) continue;
            if (memory.Parked.Count >= services.Shard.MaxParkedUsers) throw new StoreUnavailableException($"more than {services.Shard.MaxParkedUsers} profiles cannot be read", error);
            memory.Parked.Add(key, new ParkedUser(cause));
            batch.Facts.Add(Fact(FactTypes.Park, key, memory.Position.Events));
            ShardMetrics.UsersParked.Add(1);
            ShardMetrics.Refused(cause);
        }
    }

    /// <summary>Says what a take-over found (outputs owed, users whose row it refused), and tries parked users again.</summary>
    public async ValueTask TryUnparkAsync(ShardMemory memory, Ingest ingest, ShardBatch batch, CancellationToken cancellation)
    {
        var before = memory.Position.Events;
        foreach (var key in _unannounced) batch.Facts.Add(Fact(FactTypes.Park, key, before));
        _unannounced.Clear();
        Settle(_owed, batch, before);
        _owed = [];
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.ParkedForEver)) return;
#endif
        if (WantsUnpark(memory)) await UnparkAsync(memory, ingest, batch, cancellation).ConfigureAwait(false);
    }

    private async ValueTask UnparkAsync(ShardMemory memory, Ingest ingest, ShardBatch batch, CancellationToken cancellation)
    {
        _lastTry = services.Time.GetTimestamp();
        _goesOn = false;
        await ingest.AsideAsync(() => ReplayAsync(memory, batch, cancellation), cancellation).ConfigureAwait(false);
        Lost = LostUsers.Of(memory);
    }

    private bool IsDue(ParkedUser user) => user.Cause != ParkCause.Lost || user.IsErased || services.Time.GetElapsedTime(user.TriedAt) >= services.Shard.LostRetry;

    private async ValueTask ReplayAsync(ShardMemory memory, ShardBatch batch, CancellationToken cancellation)
    {
        try
        {
            _side ??= await BeginDurableAsync(memory, cancellation).ConfigureAwait(false);
            _side ??= await BeginRebuildAsync(memory, cancellation).ConfigureAwait(false);
            if (_side is null || !await _side.RunAsync(memory, cancellation).ConfigureAwait(false)) return;
        }
        catch (StoreUnavailableException)
        {
            return; // rows, R or a table: counted by the store, tried again after the interval
        }
        catch (EngineException e) when (_side is { IsRebuild: true } && e.Action == ErrorAction.Fatal)
        {
            // The log lost its beginning meanwhile, or holds what this program cannot apply: the shard goes on without these users, and says so.
            Lose(memory, _side.Keys);
            _side = null;
            return;
        }

        BringBack(memory, _side, batch);
        _goesOn = _side.Complete.Any() && memory.Parked.Values.Any(p => p.TriedAt < _chosenAt && IsDue(p)); // the store gives rows: the next ones at once
        _side = null;
    }

    // Rows that a slow store has not given within the budget are on their way still, and taken in between later batches.
    private async ValueTask<SideReplay?> BeginDurableAsync(ShardMemory memory, CancellationToken cancellation)
    {
        if (_rows is null)
        {
            var keys = Next(memory, p => p.Cause != ParkCause.Refused && IsDue(p));
            if (keys.Count == 0) return null;
            _rows = replays.Read(keys, wait, cancellation);
        }

        if (!await wait.EndsInTimeAsync(_rows.Reading, cancellation).ConfigureAwait(false)) return null;
        var rows = _rows;
        _rows = null;
        return await replays.FromDurableAsync(memory, rows, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<SideReplay?> BeginRebuildAsync(ShardMemory memory, CancellationToken cancellation)
    {
        var keys = Next(memory, p => p.Cause == ParkCause.Refused);
        if (keys.Count == 0) return null;
        var rebuild = await replays.FromBeginningAsync(memory, keys, cancellation).ConfigureAwait(false);
        if (rebuild is null) Lose(memory, keys);
        return rebuild;
    }

    // Those that have waited longest for a try: whom it does not bring back must not keep the others from theirs.
    private HashSet<UserKey> Next(ShardMemory memory, Func<ParkedUser, bool> isTried)
    {
        HashSet<UserKey> keys = [.. memory.Parked.Where(p => isTried(p.Value)).OrderBy(p => p.Value.TriedAt).Take(MaxBroughtBack).Select(p => p.Key)];
        foreach (var key in keys) memory.Parked[key].TriedAt = _lastTry;
        _chosenAt = _lastTry;
        return keys;
    }

    private void Lose(ShardMemory memory, HashSet<UserKey> keys)
    {
        foreach (var key in keys)
        {
            var parked = memory.Parked[key];
            parked.Cause = ParkCause.Lost;
            parked.TriedAt = services.Time.GetTimestamp();
            ShardMetrics.UsersLost.Add(1);
        }
    }

    private void BringBack(ShardMemory memory, SideReplay side, ShardBatch batch)
    {
        var keys = side.Complete.ToHashSet();
        foreach (var key in keys)
        {
            memory.Parked.Remove(key);
            if (side.Memory.Users.Find(key) is not { } user) continue;
            memory.Accept(user);
            user.Dirty = false;
            churn.IndexReplayed(memory, user);
            memory.Touch(user);
        }

        foreach (var key in side.NotErased) memory.Parked[key].IsErased = false;
        if (side.IsRebuild) ShardMetrics.UsersRebuilt.Add(keys.Count);
        Settle([.. side.Outputs.Owing.Where(o => keys.Contains(o.Key))], batch, memory.Position.Events);
    }

    private static void Settle(IReadOnlyList<OwedOutputs> owed, ShardBatch batch, long before)
    {
        foreach (var (key, buffer, last, fact) in owed)
        {
#if SIMULATION_DEFECTS
            if (!Defects.Has(Defect.OwedOutputsForgotten))
#endif
            buffer.CopyTo(batch.Outputs);
            if (last is { } touched) batch.Unparked.Add(touched);
            batch.Facts.Add(Fact(fact, key, before));
        }
    }

    private static ControlFact Fact(string type, UserKey key, long before) => new() { Type = type, Before = before, User = Encoding.UTF8.GetString(key.Bytes) };
}
