using Streaming.Api.Ports;
using Streaming.Core.Events;
using Streaming.Host.Engine;
using Streaming.Kafka;

namespace Streaming.Host.Ports;

/// <summary>Writes events to their topic, each to the partition that owns its key.</summary>
/// <param name="writer">Kafka.</param>
/// <param name="topic">The events topic.</param>
/// <param name="partitions">Its partitions; 0 while the engine does not know them yet.</param>
/// <param name="logger">Log.</param>
internal sealed class EventPort(KafkaReceiptWriter writer, string topic, Func<int> partitions, ILogger logger) : IEventIntake
{
    /// <inheritdoc/>
    public async Task<PortResult<IReadOnlyList<EventReceipt>>> WriteAsync(IReadOnlyList<EventRecord> records, CancellationToken cancellation)
    {
        var count = partitions();
        if (count == 0) return PortResult<IReadOnlyList<EventReceipt>>.Not(PortOutcome.Unavailable, "The engine starts; nothing was written.");
        KeyedRecord[] placed = [.. records.Select(r => new KeyedRecord(Murmur2.Partition(r.Key.Span, count), r.Key, r.Value))];
        if (await writer.WriteAsync(topic, placed, cancellation) is not { } receipts) return PortResult<IReadOnlyList<EventReceipt>>.Not(PortOutcome.Unavailable, "Too much waits to be written; nothing was.");
        if (receipts.FirstOrDefault(r => !r.IsWritten).Error is { } error) HostLog.ApiRecordsNotWritten(logger, receipts.Count(r => !r.IsWritten), topic, error);
        return PortResult<IReadOnlyList<EventReceipt>>.Found([.. receipts.Select((r, i) => new EventReceipt(r.IsWritten, placed[i].Partition, r.Offset))]);
    }
}
