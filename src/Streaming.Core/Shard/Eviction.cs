namespace Streaming.Core.Shard;

/// <summary>Keeps the number of profiles in memory within its bound: those whose last change is durable leave, the longest untouched first (second-chance clock).</summary>
internal sealed class Eviction(ShardOptions options)
{
    private const int SlotsPerRun = 65_536;
    private readonly List<Fold.UserState> _leaving = [];
    private int _hand;

    /// <summary>After a take-over.</summary>
    public void Restart() => _hand = 0;

    /// <summary>Evicts what is over the bound, looking at a limited number of slots; returns how many left.</summary>
    public int Run(ShardMemory memory, long durableFlush)
    {
        var over = memory.Users.Count - options.MaxResidentUsers;
        if (over <= 0) return 0;
        _leaving.Clear();
        var sequence = memory.State.Sequence;
        var recent = sequence - Math.Max(1, (memory.Users.Count - over) / Math.Max(1, options.MaxBatchRecords));
        for (var looked = 0; looked < SlotsPerRun && _leaving.Count < over; looked++)
        {
            if (_hand >= memory.Users.Capacity) _hand = 0;
            var user = memory.Users.At(_hand++);
            if (user is null || user.Dirty || user.FlushNumber > durableFlush) continue;
            if (user.TouchedInBatch > recent && looked < SlotsPerRun / 2) continue;
            _leaving.Add(user);
        }

        foreach (var user in _leaving) memory.Users.Remove(user.Key);
        ShardMetrics.UsersEvicted.Add(_leaving.Count);
        if (memory.SessionDues.Count > (4 * memory.Users.Count) + 10_000) Prune(memory, memory.SessionDues);
        if (memory.ChurnDues.Count > (4 * memory.Users.Count) + 10_000) Prune(memory, memory.ChurnDues);
        return _leaving.Count;
    }

    // Entries of absent profiles beyond the loaded buckets are in the store and come back with their bucket.
    private static void Prune(ShardMemory memory, DueHeap heap) =>
        heap.Retain((dueMs, key) => memory.Bucket(dueMs) <= memory.LoadedThroughBucket || memory.Users.Find(key) is not null);
}
