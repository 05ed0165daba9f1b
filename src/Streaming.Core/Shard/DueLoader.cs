using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Brings the coming buckets of the durable due index into memory as stream time nears them; nothing ever scans all users.</summary>
internal sealed class DueLoader(IShardStore store, StoreMark mark)
{
    private Task<IReadOnlyList<DueEntry>>? _reading;

    /// <summary>Loads every bucket up to the one after a time's.</summary>
    /// <param name="memory">Where the entries go.</param>
    /// <param name="untilMs">The time.</param>
    /// <param name="wait">Bounds the wait; null waits as long as the store takes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StoreUnavailableException">They are not loaded, or not yet: what was asked for goes on being read, and a later call takes it in.</exception>
    public async ValueTask LoadUntilAsync(ShardMemory memory, long untilMs, StoreWait? wait, CancellationToken cancellation)
    {
        if (untilMs <= 0) return;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.DueBucketsNotLoaded)) return;
#endif
        var through = memory.Bucket(untilMs) + 1;
        while (through > memory.LoadedThroughBucket)
        {
            if (_reading is null) Start(memory, through, wait, cancellation);
            if (wait is not null && !await wait.EndsInTimeAsync(_reading!, cancellation).ConfigureAwait(false)) throw StoreWait.Late();
            var reading = _reading!;
            _reading = null;
            var entries = await reading.ConfigureAwait(false);
            memory.Accept(entries);
            memory.LoadedThroughBucket = memory.LoadingThroughBucket;
        }
    }

    // Entries of profiles that leave memory meanwhile may be written after they were read: from here on memory keeps them.
    private void Start(ShardMemory memory, long through, StoreWait? wait, CancellationToken cancellation)
    {
        var loaded = memory.LoadedThroughBucket;
        memory.LoadingThroughBucket = through;
        _reading = wait is null ? ReadAsync(loaded, through, cancellation).AsTask() : wait.StartAsync(() => ReadAsync(loaded, through, cancellation));
    }

    private async ValueTask<IReadOnlyList<DueEntry>> ReadAsync(long loaded, long through, CancellationToken cancellation)
    {
        var from = loaded == long.MinValue ? await store.ReadFirstDueBucketAsync(cancellation).ConfigureAwait(false) ?? through + 1 : loaded + 1;
        var entries = from <= through ? await store.ReadDueAsync(from, through, cancellation).ConfigureAwait(false) : [];
        await mark.CheckAsync(cancellation).ConfigureAwait(false);
        return entries;
    }
}
