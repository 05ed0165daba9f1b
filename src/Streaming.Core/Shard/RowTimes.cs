namespace Streaming.Core.Shard;

/// <summary>
/// What is known of absent users' rows: hash of the key → write time that the row has at least. Bounded: sets of eight, in each of which the oldest write time gives way; what is forgotten is only no longer
/// checked. Two keys of one hash may make a good row look stale, which costs a rebuild and never a wrong profile.
/// </summary>
/// <param name="capacity">Rows remembered, rounded up to a power of two.</param>
internal sealed class RowTimes(int capacity)
{
    private const int Ways = 8;
    private readonly int _sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity / Ways));
    private (ulong Hash, long WriteTime)[] _slots = [];

    /// <summary>Least write time of a key's row; 0: nothing is known.</summary>
    public long this[ulong hash]
    {
        get
        {
            if (_slots.Length == 0) return 0;
            foreach (var (known, writeTime) in Set(hash))
            {
                if (known == hash) return writeTime;
            }

            return 0;
        }
    }

    /// <summary>A row of this write time is durable.</summary>
    public void Note(ulong hash, long writeTime)
    {
        if (_slots.Length == 0) _slots = new (ulong, long)[_sets * Ways];
        var set = Set(hash);
        var oldest = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i].Hash == hash)
            {
                set[i].WriteTime = Math.Max(set[i].WriteTime, writeTime);
                return;
            }

            if (set[i].WriteTime < set[oldest].WriteTime) oldest = i;
        }

        if (writeTime > set[oldest].WriteTime) set[oldest] = (hash, writeTime);
    }

    private Span<(ulong Hash, long WriteTime)> Set(ulong hash) => _slots.AsSpan((int)(hash & (ulong)(_sets - 1)) * Ways, Ways);
}
