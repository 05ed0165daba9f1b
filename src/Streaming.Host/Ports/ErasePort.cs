using System.Text;
using System.Text.Json;
using Streaming.Api.Ports;
using Streaming.Core.Events;

namespace Streaming.Host.Ports;

/// <summary>Erases by an event in the person's own partition, where it has its order among the others.</summary>
/// <param name="events">Writes it.</param>
internal sealed class ErasePort(IEventIntake events) : IErasePort
{
    /// <inheritdoc/>
    public async Task<PortResult<ErasePosition>> EraseAsync(UserKey user, string eventId, long occurredAtMs, CancellationToken cancellation)
    {
        var written = await events.WriteAsync([new EventRecord(user.Id.ToArray(), Event(user, eventId, occurredAtMs))], cancellation);
        if (written.Value is not { } receipts) return PortResult<ErasePosition>.Not(written.Outcome, written.Why);
        return receipts[0] is { IsWritten: true } receipt
            ? PortResult<ErasePosition>.Found(new ErasePosition(receipt.Partition, receipt.Offset))
            : PortResult<ErasePosition>.Not(PortOutcome.Unavailable, "The broker did not say that it has the erasure; ask again.");
    }

    private static byte[] Event(UserKey user, string eventId, long occurredAtMs)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("eventId"u8, eventId);
            json.WriteString("type"u8, "erase"u8);
            json.WriteString(user.IsGuest ? "anonymousId"u8 : "userId"u8, Encoding.UTF8.GetString(user.Id));
            json.WriteNumber("occurredAt"u8, occurredAtMs);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
