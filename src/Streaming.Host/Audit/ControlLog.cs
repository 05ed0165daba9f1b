using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>The batch records of a partition, in order.</summary>
internal static class ControlLog
{
    /// <summary>Reads the batch records up to the stable end. What the sequence or the ranges miss or repeat is a finding.</summary>
    public static async ValueTask<List<ControlBatch>> ReadAsync(IRecordSource source, string topic, int partition, AuditFindings findings, CancellationToken cancellation)
    {
        var bounds = await source.BoundsAsync(topic, partition, cancellation);
        var batches = new List<ControlBatch>();
        await foreach (var record in source.ReadAsync(topic, partition, 0, bounds.StableEnd, cancellation))
        {
            if (!ControlRecords.TryBatch(record.Value, out var batch)) continue;
            var place = $"{topic}-{partition} at offset {record.Offset}";
            var last = batches.Count > 0 ? batches[^1] : null;
            if (last is not null && batch.Sequence <= last.Sequence)
            {
                findings.Duplicated(1, $"batch {batch.Sequence} again after batch {last.Sequence} in {place}");
                continue;
            }

            if (batch.Sequence != (last?.Sequence ?? 0) + 1) findings.Lost(1, $"batch {batch.Sequence} follows batch {last?.Sequence ?? 0} in {place}");
            if (batch.EventsFrom < (last?.EventsTo ?? 0) || batch.LinksFrom < (last?.LinksTo ?? 0))
                findings.Duplicated(1, $"batch {batch.Sequence} consumes positions that batch {last?.Sequence ?? 0} consumed, in {place}");
            batches.Add(batch);
        }

        return batches;
    }
}
