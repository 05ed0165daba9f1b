using System.Text;
using System.Text.Json;
using Streaming.Api.Ports;
using Streaming.Core.Errors;
using Streaming.Host.Cli;
using Streaming.Kafka;

namespace Streaming.Host.Ports;

/// <summary>Keeps the audit log of the HTTP interface in a topic of one partition: written once, in one order, kept as long as the events.</summary>
/// <param name="writer">Kafka.</param>
/// <param name="topic">The topic.</param>
/// <param name="partitions">Partitions of events; 0 while the engine is not up yet, and the topic perhaps not there.</param>
internal sealed class AuditTopic(KafkaReceiptWriter writer, string topic, Func<int> partitions) : IAuditLog
{
    /// <inheritdoc/>
    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellation)
    {
        if (partitions() == 0) throw new BrokerUnavailableException("the engine starts: it keeps no audit entries yet");
        var record = new KeyedRecord(0, Encoding.UTF8.GetBytes(entry.RequestId), Encoding.UTF8.GetBytes(ResultLine.Of(json => Write(json, entry))));
        var receipts = await writer.WriteAsync(topic, [record], cancellation) ?? throw new BrokerUnavailableException("too much waits to be written");
        if (receipts[0].Error is { } error) throw new BrokerUnavailableException($"{topic}: {error}");
    }

    private static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("at", entry.AtMs);
        json.WriteString("requestId", entry.RequestId);
        json.WriteString("who", entry.Who);
        json.WriteString("from", entry.From);
        json.WriteString("what", entry.What);
        json.WriteString("outcome", entry.Outcome switch { AuditOutcome.Begun => "begun", AuditOutcome.Done => "done", AuditOutcome.Failed => "failed", _ => "refused" });
        if (entry.Status > 0) json.WriteNumber("status", entry.Status);
        if (entry.Reason is { } reason) json.WriteString("reason", reason);
        if (entry.Subject is { } subject) json.WriteString("subject", subject);
        if (entry.LeftOut > 0) json.WriteNumber("leftOut", entry.LeftOut);
        json.WriteEndObject();
    }
}
