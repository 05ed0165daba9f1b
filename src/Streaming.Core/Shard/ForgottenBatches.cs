using Streaming.Contracts;

namespace Streaming.Core.Shard;

/// <summary>
/// Batches whose transactions were committed while their marker in <c>control</c> was forgotten, so that their records there went with a later abort. The offsets that such a transaction committed carry the
/// sequence of its batch: it tells which records count although they are aborted, and they are written once more (docs/decisions/0020).
/// </summary>
internal static class ForgottenBatches
{
    /// <summary>Writes a run of batches again; the take-over begins anew behind it. Where this is cut short, the next one finds the same.</summary>
    /// <param name="broker">The shard's broker.</param>
    /// <param name="controlOffset">Offset in <c>control</c> to look from.</param>
    /// <param name="after">Sequence of the last batch whose record is there.</param>
    /// <param name="position">Where that one ended; null: not known.</param>
    /// <param name="through">Sequence of the last batch that is known to be committed.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>False where not all of them are in the log: then records are missing.</returns>
    public static async ValueTask<bool> TryWriteAsync(IShardBroker broker, long controlOffset, long after, ShardOffsets? position, long through, CancellationToken cancellation)
    {
        var found = new SortedDictionary<long, (ControlBatch Batch, List<TracedRecord> Records)>();
        var records = new List<TracedRecord>();
        foreach (var record in await broker.ReadUncommittedAsync(OutputTopic.Control, broker.Partition, controlOffset, null, cancellation).ConfigureAwait(false))
        {
            if (ControlJson.ReadTable(record.Value.Span) is not null) records.Add(record); // of the batch record that follows
            if (ControlJson.ReadBatch(record.Value.Span) is not { } batch) continue;
            records.Add(record);
            // The last of a number is the one that was committed: before it somebody may have tried in vain, behind it nobody uses the number again.
            if (batch.Sequence > after && batch.Sequence <= through) found[batch.Sequence] = (batch, records);
            records = [];
        }

        foreach (var (number, (batch, _)) in found)
        {
            if (number != ++after || (position is { } end && (batch.EventsFrom != end.Events || batch.LinksFrom != end.Links))) return false;
            position = new ShardOffsets(batch.EventsTo, batch.LinksTo, batch.ControlTo);
        }

        if (after != through) return false;
        foreach (var (_, again) in found.Values)
        {
            // With its own number, which tells that what is left of it elsewhere was committed too.
            broker.Begin(again[^1].Transaction >= 0 ? again[^1].Transaction : null);
            foreach (var record in again) broker.Produce(OutputTopic.Control, broker.Partition, default, record.Value.Span);
            await broker.FlushAsync(cancellation).ConfigureAwait(false);
            await broker.CommitAsync(cancellation).ConfigureAwait(false);
            ShardMetrics.ForgottenBatches.Add(1);
        }

        return true;
    }

    /// <summary>The last batch record behind an offset, whether its transaction was committed, aborted or is open; null: there is none.</summary>
    public static async ValueTask<ControlBatch?> LastAsync(IShardBroker broker, long controlOffset, CancellationToken cancellation)
    {
        ControlBatch? last = null;
        foreach (var record in await broker.ReadUncommittedAsync(OutputTopic.Control, broker.Partition, controlOffset, null, cancellation).ConfigureAwait(false)) last = ControlJson.ReadBatch(record.Value.Span) ?? last;
        return last;
    }
}
