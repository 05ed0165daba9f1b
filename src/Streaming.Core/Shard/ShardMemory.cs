using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Everything a shard holds in memory. Dropped whole at every take-over, so that no trace of an uncommitted batch can survive one.</summary>
internal sealed class ShardMemory
{
    private readonly long _writeTimeEpoch;
    private readonly List<(long DueMs, UserKey Key)> _heldBack = [];

    public ShardMemory(ItemDictionary items, int dimensions, ShardOptions options)
    {
        State = new ShardState(items, dimensions);
        BucketMs = (long)options.DueBucket.TotalMilliseconds;
        SessionDues = new DueHeap(options.DueHeapSlack);
        ChurnDues = new DueHeap(options.DueHeapSlack);
        _writeTimeEpoch = options.WriteTimeEpoch;
        RowTimes = new RowTimes(options.MaxRememberedRows);
        Compact = new CompactUsers(items, options.MaxCompactBytes);
    }

    /// <summary>Fold's shard-level state.</summary>
    public ShardState State { get; }

    /// <summary>Profiles in memory.</summary>
    public UserTable Users { get; } = new();

    /// <summary>Profiles in memory that nobody touched lately; none of them is among <see cref="Users"/>.</summary>
    public CompactUsers Compact { get; }

    /// <summary>Session ends.</summary>
    public DueHeap SessionDues { get; }

    /// <summary>Churn checks.</summary>
    public DueHeap ChurnDues { get; }

    /// <summary>True where an alert that is due may have to wait (<see cref="Churn.ChurnOptions.HoldsAlerts"/>): the plan in a row then says more than its purchases do, and stands until they change.</summary>
    public bool KeepsChecks { get; init; }

    /// <summary>Buckets up to this one have been loaded from the store into the heaps.</summary>
    public long LoadedThroughBucket = long.MinValue;

    /// <summary>Buckets up to this one are being read, or have been: whose entry is in one of them stays in the heap, for the read may have come before the entry was durable.</summary>
    public long LoadingThroughBucket = long.MinValue;

    /// <summary>Folded up to here.</summary>
    public ShardOffsets Position;

    /// <summary>Profiles whose row is behind their state.</summary>
    public List<UserState> Dirty { get; } = [];

    /// <summary>Profiles that leave memory once a flush has given their due entries the write time of their row.</summary>
    public List<UserState> Leaving { get; } = [];

    /// <summary>Profiles held back, because their row could not be read.</summary>
    public Dictionary<UserKey, ParkedUser> Parked { get; } = [];

    /// <summary>Write times of absent users' rows.</summary>
    public RowTimes RowTimes { get; init; }

    /// <summary>
    /// Due entries with a write time in here prove nothing: they may come from a flush that a crash cut off between its due entries and its rows. From R's write time at take-over (exclusive) to C's.
    /// </summary>
    public (long After, long Through) Doubtful = (0, long.MaxValue);

    /// <summary>Write time of what is folded up to here (design rule 4.4).</summary>
#if SIMULATION_DEFECTS
    public long WriteTime => Defects.Has(Defect.WriteTimeWithoutBatches) ? _writeTimeEpoch + Position.Events : _writeTimeEpoch + Position.Events + Position.Links + State.Sequence;
#else
    public long WriteTime => _writeTimeEpoch + Position.Events + Position.Links + State.Sequence;
#endif

    /// <summary>Width of a bucket of the due index, ms: that of the store, whose entries and rows are numbered by it; the setting's where the store is empty.</summary>
    public long BucketMs { get; set; }

    /// <summary>Bucket of a time.</summary>
    public long Bucket(long timeMs) => timeMs >= 0 ? timeMs / BucketMs : ((timeMs + 1) / BucketMs) - 1;

    /// <summary>The profile of a key that is known to have no row, started with what is in force.</summary>
    public UserState Start(UserKey key)
    {
        var user = new UserState(key);
        EraseFold.Start(user, State);
        Users.Add(user);
        return user;
    }

    /// <summary>Marks a profile as changed.</summary>
    public void Touch(UserState user)
    {
        if (user.Dirty) return;
        user.Dirty = true;
        Dirty.Add(user);
    }

    /// <summary>Keeps the session-end entry at or before the true due time; later ones are put right when they come up.</summary>
    public void IndexSession(UserState user)
    {
        var due = SessionFold.DueMs(user, State.SettingsOf(user));
        if (due == long.MaxValue || (user.IndexedSessionDueMs != 0 && user.IndexedSessionDueMs <= due)) return;
        user.IndexedSessionDueMs = due;
        SessionDues.Add(due, user.Key);
    }

    /// <summary>Places the churn entry.</summary>
    public void IndexChurn(UserState user, long dueMs)
    {
        if (user.IndexedChurnDueMs == dueMs) return;
        user.IndexedChurnDueMs = dueMs;
        if (dueMs != 0) ChurnDues.Add(dueMs, user.Key);
    }

    /// <summary>Takes entries of the store into the heaps. They are hints; a profile in memory knows better.</summary>
    public void Accept(IReadOnlyList<DueEntry> entries)
    {
        foreach (var entry in entries)
        {
            var key = new UserKey(entry.Key);
            if (Users.Find(key) is not null) continue;
            if (entry.WriteTime <= Doubtful.After || entry.WriteTime > Doubtful.Through) RowTimes.Note(key.Hash, entry.WriteTime);
            (entry.Kind == DueKind.SessionEnd ? SessionDues : ChurnDues).Add(entry.DueMs, key);
        }
    }

    /// <summary>Takes a profile read from its row into memory; its due entries come along.</summary>
    public void Accept(UserState user)
    {
        Users.Add(user);
        if (user.IndexedSessionDueMs != 0) SessionDues.Add(user.IndexedSessionDueMs, user.Key);
        if (user.IndexedChurnDueMs != 0) ChurnDues.Add(user.IndexedChurnDueMs, user.Key);
    }

    /// <summary>Lets every session end due at or before a time happen, in order (docs/fold.md §2), then moves stream time.</summary>
    /// <param name="timeMs">T.</param>
    /// <param name="sequence">Batch that is being applied: a profile whose row holds it already is left alone.</param>
    /// <param name="outputs">Where closed sessions go.</param>
    public void AdvanceTo(long timeMs, long sequence, IFoldOutputs outputs)
    {
        while (SessionDues.FirstMs <= timeMs)
        {
            var (dueMs, key) = SessionDues.Pop();
            var user = Users.Find(key);
            if (user is null || user.IndexedSessionDueMs != dueMs) continue;
            if (user.AppliedSequence >= sequence)
            {
                _heldBack.Add((dueMs, key));
                continue;
            }

            user.IndexedSessionDueMs = 0;
            var trueDue = SessionFold.DueMs(user, State.SettingsOf(user));
            if (trueDue == dueMs)
            {
                SessionFold.Close(user, outputs);
                Touch(user);
            }
            else if (trueDue != long.MaxValue)
            {
                IndexSession(user);
                if (Bucket(trueDue) != user.StoredSessionBucket) Touch(user);
            }
        }

        foreach (var (dueMs, key) in _heldBack) SessionDues.Add(dueMs, key);
        _heldBack.Clear();
        if (timeMs > State.StreamTimeMs) State.StreamTimeMs = timeMs;
    }
}
