using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>What a partition of <c>control</c> holds.</summary>
/// <param name="Batches">The batch records, in order.</param>
/// <param name="Tables">Bytes of the additive versions of the item-vector table, by sha256.</param>
internal sealed record ControlLog(List<ControlBatch> Batches, Dictionary<string, byte[]> Tables)
{
    /// <summary>Reads up to the stable end. What the sequence or the ranges miss or repeat is a finding.</summary>
    public static async ValueTask<ControlLog> ReadAsync(IRecordSource source, string topic, int partition, AuditFindings findings, CancellationToken cancellation)
    {
        var bounds = await source.BoundsAsync(topic, partition, cancellation);
        var log = new ControlLog([], new Dictionary<string, byte[]>(StringComparer.Ordinal));
        await foreach (var record in source.ReadAsync(topic, partition, 0, bounds.StableEnd, cancellation))
        {
            if (ControlRecords.TryBatch(record.Value, out var batch)) log.Add(batch, $"{topic}-{partition} at offset {record.Offset}", findings);
            else if (ControlRecords.TryTable(record.Value, out var table)) log.Tables[table.Sha256] = table.Bytes;
        }

        return log;
    }

    private void Add(ControlBatch batch, string place, AuditFindings findings)
    {
        var last = Batches.Count > 0 ? Batches[^1] : null;
        if (last is not null && batch.Sequence == last.Sequence && IsSame(batch, last)) return; // its marker was forgotten, and it was written once more
        if (last is not null && batch.Sequence <= last.Sequence)
        {
            findings.Duplicated(1, $"batch {batch.Sequence} again after batch {last.Sequence} in {place}");
            return;
        }

        if (batch.Sequence != (last?.Sequence ?? 0) + 1) findings.Lost(1, $"batch {batch.Sequence} follows batch {last?.Sequence ?? 0} in {place}");
        if (batch.EventsFrom < (last?.EventsTo ?? 0) || batch.LinksFrom < (last?.LinksTo ?? 0))
            findings.Duplicated(1, $"batch {batch.Sequence} consumes positions that batch {last?.Sequence ?? 0} consumed, in {place}");
        Batches.Add(batch);
    }

    private static bool IsSame(ControlBatch left, ControlBatch right) =>
        JsonSerializer.SerializeToUtf8Bytes(left, ContractsJson.Default.ControlBatch).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(right, ContractsJson.Default.ControlBatch));
}
