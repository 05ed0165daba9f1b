using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// Keeps the number of profiles in memory within its bound: those whose last change is durable leave, the longest untouched first (second-chance clock). Who has due entries that do not yet say how new
/// the row is waits for the flush that puts them right.
/// </summary>
internal sealed class Eviction(ShardOptions options)
{
    private const int SlotsPerRun = 65_536;
    private readonly List<UserState> _ready = [];
    private readonly Queue<UserState> _waiting = new();
    private int _hand;

    /// <summary>After a take-over.</summary>
    public void Restart()
    {
        _hand = 0;
        _waiting.Clear();
    }

    /// <summary>Evicts what is over the bound, looking at a limited number of slots; returns how many left.</summary>
    public int Run(ShardMemory memory, long durableFlush)
    {
        var left = TakeWaiting(memory, durableFlush);
        Choose(memory, durableFlush);
        foreach (var user in _ready) left += Leave(memory, user);
        _ready.Clear();
        ShardMetrics.UsersEvicted.Add(left);
        if (memory.SessionDues.IsSwollen) Prune(memory, memory.SessionDues, user => user.IndexedSessionDueMs);
        if (memory.ChurnDues.IsSwollen) Prune(memory, memory.ChurnDues, user => user.IndexedChurnDueMs);
        return left;
    }

    // Chosen before: their entries are durable now. Who was touched meanwhile stays.
    private int TakeWaiting(ShardMemory memory, long durableFlush)
    {
        var left = 0;
        while (_waiting.TryPeek(out var user) && !user.IsLeaving)
        {
            var isTouched = user.Dirty || user.EntriesWriteTime < user.RowWriteTime;
            if (!isTouched && user.FlushNumber > durableFlush) break;
            _waiting.Dequeue();
            if (isTouched || memory.Users.Count <= options.MaxResidentUsers || !ReferenceEquals(memory.Users.Find(user.Key), user)) continue;
            left += Leave(memory, user);
        }

        return left;
    }

    private void Choose(ShardMemory memory, long durableFlush)
    {
        var over = memory.Users.Count - _waiting.Count - options.MaxResidentUsers;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.EvictionTooSlow)) over = Math.Min(over, 1);
#endif
        var recent = memory.State.Sequence - Math.Max(1, (memory.Users.Count - over) / Math.Max(1, options.MaxBatchRecords));
        for (var looked = 0; looked < SlotsPerRun && over > 0; looked++)
        {
            if (_hand >= memory.Users.Capacity) _hand = 0;
            var user = memory.Users.At(_hand++);
#if SIMULATION_DEFECTS
            if (Defects.Has(Defect.EvictedBeforeDurable) && user is { Dirty: false, IsLeaving: false })
            {
                over--;
                _ready.Add(user);
                continue;
            }
#endif
            if (user is null || user.Dirty || user.IsLeaving || user.FlushNumber > durableFlush) continue;
            if (user.TouchedInBatch > recent && looked < SlotsPerRun / 2) continue;
            over--;
            if (user.EntriesWriteTime >= user.RowWriteTime || (user.StoredSessionBucket < 0 && user.StoredChurnBucket < 0))
            {
                _ready.Add(user);
                continue;
            }

            user.IsLeaving = true;
            memory.Leaving.Add(user);
            _waiting.Enqueue(user);
        }
    }

    // The clock may have come by a profile more than once.
    private static int Leave(ShardMemory memory, UserState user)
    {
        if (!ReferenceEquals(memory.Users.Find(user.Key), user)) return 0;
        memory.RowTimes.Note(user.Key.Hash, user.RowWriteTime);
        memory.Compact.Put(user);
        memory.Users.Remove(user.Key);
        return 1;
    }

    // A profile in memory has one entry that counts. Of absent ones those beyond the buckets asked for are in the store and come back with their bucket.
    private static void Prune(ShardMemory memory, DueHeap heap, Func<UserState, long> indexedDueMs) =>
        heap.Retain((dueMs, key) => memory.Users.Find(key) is { } user ? indexedDueMs(user) == dueMs : memory.Bucket(dueMs) <= memory.LoadingThroughBucket);
}
