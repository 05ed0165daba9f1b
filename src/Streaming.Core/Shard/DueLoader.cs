using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Brings the coming buckets of the durable due index into memory as stream time nears them; nothing ever scans all users.</summary>
internal sealed class DueLoader(IShardStore store, StoreMark mark)
{
    /// <summary>Loads every bucket up to the one after a time's.</summary>
    public async ValueTask LoadUntilAsync(ShardMemory memory, long untilMs, CancellationToken cancellation)
    {
        if (untilMs <= 0) return;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.DueBucketsNotLoaded)) return;
#endif
        var through = memory.Bucket(untilMs) + 1;
        if (through <= memory.LoadedThroughBucket) return;
        var from = memory.LoadedThroughBucket == long.MinValue ? 0 : memory.LoadedThroughBucket + 1;
        if (memory.LoadedThroughBucket == long.MinValue)
        {
            from = await store.ReadFirstDueBucketAsync(cancellation).ConfigureAwait(false) ?? through + 1;
        }

        var entries = from <= through ? await store.ReadDueAsync(from, through, cancellation).ConfigureAwait(false) : [];
        await mark.CheckAsync(cancellation).ConfigureAwait(false);
        memory.Accept(entries);
        memory.LoadedThroughBucket = through;
    }
}
