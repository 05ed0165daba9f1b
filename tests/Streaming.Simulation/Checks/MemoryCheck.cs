using Streaming.Core.Shard;

namespace Streaming.Simulation.Checks;

/// <summary>
/// Memory within its bounds while the storm lasts, at every report of a shard. Packed profiles and profiles held back have bounds of their own, which hold to the letter. How many profiles are objects depends on
/// what could not be made durable yet as well: the bound is asked of the crowded seeds, where hundreds of users meet room for a few.
/// </summary>
/// <remarks>
/// Objects are, beside the <c>MaxResidentUsers</c> that may stay: those changed since the last flush, which are that many and what two batches change before Work waits for the store; as many in the flush under way; and as
/// many of the one before that wait for their due entries. What comes at once, by a take-over's replay or with the profiles held back, is there beside them until it is durable.
/// </remarks>
internal sealed class MemoryCheck(World world)
{
    private const int SlotBytes = 8, LeastSlots = 64, Shares = 4, BatchesAtOnce = 2;
    private readonly Dictionary<UserShard, Watch> _watches = [];

    /// <summary>Most objects that a shard may hold.</summary>
    public static int MostObjects(ShardOptions options) => Shares * (options.MaxResidentUsers + (BatchesAtOnce * options.MaxBatchRecords));

    /// <summary>A shard begins with what its replay touched.</summary>
    public void TookOver(UserShard shard) => _watches[shard] = new Watch(shard.Status);

    /// <summary>Looks at a shard whose step ended.</summary>
    public void Look(UserShard shard)
    {
        var (status, options) = (shard.Status, world.Plan.Shard);
        if (!_watches.TryGetValue(shard, out var watch) || status == watch.Seen) return; // the same report still: a shard makes a status of it whenever it is asked
        watch.Seen = status;
        // Chunks are within the setting; the index beside them has at most four slots a profile.
        var most = options.MaxCompactBytes + (SlotBytes * Math.Max(LeastSlots, 4L * status.CompactUsers));
        if (status.CompactBytes > Math.Max(most, watch.MostIndex)) world.Fail(Checker.Memory, $"partition {shard.Partition} holds {status.CompactBytes} bytes of {status.CompactUsers} packed profiles; {options.MaxCompactBytes} and an index are the most");
        watch.MostIndex = Math.Max(watch.MostIndex, most); // an index does not shrink
        if (status.ParkedUsers > options.MaxParkedUsers) world.Fail(Checker.Memory, $"partition {shard.Partition} holds {status.ParkedUsers} profiles back; {options.MaxParkedUsers} are the most");
        if (!world.Plan.IsCrowded) return;
        world.Stats.MemoryLooks++;
        var objects = MostObjects(options);
        watch.Brought ??= status.ResidentUsers;
        watch.Brought = status.ResidentUsers <= objects / Shares ? status.ParkedUsers : Math.Max(watch.Brought.Value, status.ParkedUsers);
        if (status.ResidentUsers > objects + watch.Brought)
            world.Fail(Checker.Memory, $"partition {shard.Partition} holds {status.ResidentUsers} profiles as objects, {status.DirtyUsers} of them changed; {objects} are the most where {options.MaxResidentUsers} may stay, and {watch.Brought} came at once");
    }

    private sealed class Watch(ShardStatus seen)
    {
        public ShardStatus Seen = seen;
        public long MostIndex;

        /// <summary>Profiles that came at once, since memory was within its bound last; null: not known yet.</summary>
        public int? Brought;
    }
}
