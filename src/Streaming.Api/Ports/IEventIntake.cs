namespace Streaming.Api.Ports;

/// <summary>Writes events for shops without a Kafka of their own.</summary>
public interface IEventIntake
{
    /// <summary>
    /// Writes records to <c>events</c>, in their order, each to the partition that murmur2 of its key says (docs/topics.md). Answers once the broker has each or has refused it, with one receipt a
    /// record. <see cref="PortOutcome.Unavailable"/> without receipts: none was tried, the queue is full (back-pressure).
    /// </summary>
    Task<PortResult<IReadOnlyList<EventReceipt>>> WriteAsync(IReadOnlyList<EventRecord> records, CancellationToken cancellation);
}

/// <summary>A record that the engine would apply.</summary>
/// <param name="Key">The canonical id of the profile: the record's key.</param>
/// <param name="Value">The event, UTF-8 JSON.</param>
public readonly record struct EventRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

/// <summary>What became of a record.</summary>
/// <param name="IsWritten">The broker has it. False: it may or may not be there; written again under the same eventId it takes effect once.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
public readonly record struct EventReceipt(bool IsWritten, int Partition, long Offset);
