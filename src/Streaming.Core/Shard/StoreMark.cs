using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Notices that the store was rolled back under the running shard. R's write time only ever grows, so a lower one than this owner read or wrote says that acknowledged writes are gone. It is looked at before
/// every flush, or R would be moved past rows that are lost, and after every read of rows or due entries, before what was read is believed. Where rows were written and R could not be (there is none yet, or none that
/// may be written anew), one of them stands for it until R is later than they.
/// </summary>
internal sealed class StoreMark(IShardStore store, ShardOptions options)
{
    private long _least;
    private volatile Row? _witness;

    /// <summary>After a take-over read R: its write time, 0 where there is none.</summary>
    public void Restart(long writeTime)
    {
        _witness = null;
        Volatile.Write(ref _least, writeTime);
    }

    /// <summary>A user's row was written while R could not be.</summary>
    public void Witness(byte[] key, long writeTime) => _witness = new Row(key, writeTime);

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
        var witness = _witness is { } written && written.WriteTime > least ? written : null;
        if (least == 0 && witness is null) return;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.RollBackUnseen)) return;
#endif
        for (var reads = 1; ; reads++)
        {
            var row = witness is null ? await store.ReadShardAsync(cancellation).ConfigureAwait(false) : (await store.ReadUsersAsync([witness.Key], cancellation).ConfigureAwait(false))[0];
            var wanted = witness?.WriteTime ?? least;
            if (row.Blob is not null && row.WriteTime >= wanted) return;
            if (reads < options.MaxStaleReads) continue;
            var found = row.Blob is null ? "none" : $"one of write time {row.WriteTime}";
            ShardMetrics.RollBacks.Add(1);
            throw new StoreRolledBackException($"{(witness is null ? "the shard's row" : "a user's row")} of write time {wanted} was durable, but the store answers {found}: it was rolled back");
        }
    }

    private sealed record Row(byte[] Key, long WriteTime);
}
