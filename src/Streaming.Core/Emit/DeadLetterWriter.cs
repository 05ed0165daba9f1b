using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Shard;

namespace Streaming.Core.Emit;

/// <summary>Writes dead letters into one reused buffer; the span is valid until the next call.</summary>
public sealed class DeadLetterWriter
{
    private const int MaxValueBytes = 64 * 1024;
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    /// <summary>The dead letter of a record.</summary>
    public ReadOnlySpan<byte> Write(string topic, int partition, RecordBatch batch, in SourceRecord record, DeadLetterReason reason)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        json.WriteString("deadLetterId"u8, string.Create(CultureInfo.InvariantCulture, $"{topic}-{partition}-{record.Offset}"));
        json.WriteString("topic"u8, topic);
        json.WriteNumber("partition"u8, partition);
        json.WriteNumber("offset"u8, record.Offset);
        json.WriteNumber("timestampMs"u8, record.TimestampMs);
        json.WriteString("reason"u8, JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()));
        if (record.KeyLength >= 0) json.WriteBase64String("key"u8, batch.Key(record));
        var value = batch.Value(record);
        if (record.ValueLength >= 0) json.WriteBase64String("value"u8, value[..Math.Min(value.Length, MaxValueBytes)]);
        json.WriteNumber("valueBytes"u8, value.Length);
        json.WriteNumber("schemaVersion"u8, 1);
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan;
    }
}
