using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Notices that the store was rolled back under the running shard. R's write time only ever grows, so a lower one than this owner read or wrote says that acknowledged writes are gone. It is looked at before
/// every flush, or R would be moved past rows that are lost, and after every read of rows or due entries, before what was read is believed.
/// </summary>
internal sealed class StoreMark(IShardStore store, ShardOptions options)
{
    private long _least;

    /// <summary>After a take-over read R: its write time, 0 where there is none.</summary>
    public void Restart(long writeTime) => Volatile.Write(ref _least, writeTime);

    /// <summary>R was written.</summary>
    public void Raise(long writeTime)
    {
        if (writeTime > Volatile.Read(ref _least)) Volatile.Write(ref _least, writeTime);
    }

    /// <summary>Reads R; a replica that is behind is given as many chances as one that gives outdated rows.</summary>
    /// <exception cref="StoreRolledBackException">It is older than what was durable, or gone.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellation)
    {
        var least = Volatile.Read(ref _least);
        if (least == 0) return;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.RollBackUnseen)) return;
#endif
        for (var reads = 1; ; reads++)
        {
            var row = await store.ReadShardAsync(cancellation).ConfigureAwait(false);
            if (row.Blob is not null && row.WriteTime >= least) return;
            if (reads < options.MaxStaleReads) continue;
            var found = row.Blob is null ? "no row of this shard" : $"one of write time {row.WriteTime}";
            ShardMetrics.RollBacks.Add(1);
            throw new StoreRolledBackException($"the shard's row of write time {least} was durable, but the store answers {found}: it was rolled back");
        }
    }
}
