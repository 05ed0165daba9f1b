using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Core.Shard;

/// <summary>
/// Records of committed transactions whose marker in an output's partition was dropped: <see cref="HangingTransaction"/> announced them in <c>control</c> and ended them with an abort, and here they are written once
/// more, as they were. Those of one transaction and the word that it is done are one transaction with its number, so that what another owner wrote already is found (docs/decisions/0020).
/// </summary>
internal sealed class OutputRepair
{
    private readonly SortedDictionary<long, Dictionary<(string Topic, int Partition), ControlPlace>> _announced = [];

    /// <summary>Takes note of a record of <c>control</c>; call in log order.</summary>
    public void Note(ReadOnlySpan<byte> value)
    {
        if (ControlJson.ReadRepair(value) is not { } repair) return;
        if (repair.IsDone)
        {
            _announced.Remove(repair.Transaction);
            return;
        }

        if (!_announced.TryGetValue(repair.Transaction, out var places)) _announced.Add(repair.Transaction, places = []);
        foreach (var place in repair.Places ?? []) places.TryAdd((place.Topic, place.Partition), place); // one that was announced before has the offsets of the first
    }

    /// <summary>Writes what was announced and is missing; the take-over begins anew behind it.</summary>
    /// <returns>False where nothing was.</returns>
    public async ValueTask<bool> TryRunAsync(IShardBroker broker, CancellationToken cancellation)
    {
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.AnnouncedOutputsForgotten)) return false;
#endif
        foreach (var (transaction, places) in _announced)
        {
            var missing = new List<TracedRecord>();
            foreach (var place in places.Values)
            {
                var topic = Enum.Parse<OutputTopic>(place.Topic); // ReadRepair saw to it
                if (await broker.IsCommittedAsync(transaction, place.TimeMs, [(topic, place.Partition)], cancellation).ConfigureAwait(false)) continue;
                var records = await broker.ReadUncommittedAsync(topic, place.Partition, place.From, transaction, cancellation).ConfigureAwait(false);
                missing.AddRange(records.Where(r => r.Offset < place.To));
            }

            broker.Begin(transaction);
            broker.Produce(OutputTopic.Control, broker.Partition, default, JsonSerializer.SerializeToUtf8Bytes(new ControlRepair { Transaction = transaction, IsDone = true }, ContractsJson.Default.ControlRepair));
            foreach (var record in missing) broker.Produce(record.Topic, record.Partition, record.Key.Span, record.Value.Span);
            await broker.FlushAsync(cancellation).ConfigureAwait(false);
            await broker.CommitAsync(cancellation).ConfigureAwait(false);
            ShardMetrics.RepairedTransactions.Add(1);
        }

        return _announced.Count > 0;
    }
}
