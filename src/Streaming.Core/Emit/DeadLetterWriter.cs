using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Streaming.Contracts;
using Streaming.Core.Shard;

namespace Streaming.Core.Emit;

/// <summary>
/// Writes records of <c>dead-letters</c> (<see cref="DeadLetter"/>) into one buffer, reused. Everything a producer controls is cut, so that a poison record can never become a dead letter
/// too large for its topic. Not thread-safe: one a shard.
/// </summary>
public sealed class DeadLetterWriter
{
    /// <summary>Bytes of the source value that are kept.</summary>
    public const int MaxValueBytes = 64 * 1024;
    /// <summary>Bytes of the source key that are kept, here and as the dead letter's own key.</summary>
    public const int MaxKeyBytes = 4 * 1024;
    /// <summary>Bytes of all header names and values that are kept.</summary>
    public const int MaxHeaderBytes = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(4 * 1024);
    private readonly byte[] _id = new byte[512];

    /// <summary>The key of a record's dead letter: its own key, cut; empty where it was null.</summary>
    public static ReadOnlySpan<byte> Key(RecordBatch batch, in SourceRecord record)
    {
        var key = batch.Key(in record);
        return key[..Math.Min(key.Length, MaxKeyBytes)];
    }

    /// <summary>The record's value.</summary>
    /// <param name="topic">Source topic.</param>
    /// <param name="partition">Source partition.</param>
    /// <param name="batch">Batch that holds the record.</param>
    /// <param name="record">The record.</param>
    /// <param name="reason">Why it could not be applied.</param>
    /// <returns>UTF-8 JSON; valid until the next call.</returns>
    public ReadOnlySpan<byte> Write(string topic, int partition, RecordBatch batch, in SourceRecord record, DeadLetterReason reason)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(batch);
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        WriteId(json, topic, partition, record.Offset);
        json.WriteString("topic"u8, topic);
        json.WriteNumber("partition"u8, partition);
        json.WriteNumber("offset"u8, record.Offset);
        json.WriteNumber("timestampMs"u8, record.TimestampMs);
        json.WriteString("reason"u8, reason.WireName());
        if (record.KeyLength >= 0) json.WriteBase64String("key"u8, Key(batch, in record));
        if (record.KeyLength > MaxKeyBytes) json.WriteNumber("keyBytes"u8, record.FullKeyLength);
        if (record.HeadersLength > 0) WriteHeaders(json, batch.Headers(in record));
        var value = batch.Value(in record);
        if (record.ValueLength >= 0) json.WriteBase64String("value"u8, value[..Math.Min(value.Length, MaxValueBytes)]);
        json.WriteNumber("valueBytes"u8, record.FullValueLength);
        json.WriteNumber("schemaVersion"u8, Decode.EventRules.CurrentVersion);
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan;
    }

    private void WriteId(Utf8JsonWriter json, string topic, int partition, long offset)
    {
        // A topic's name has at most 249 characters, ASCII (Kafka's rule), so this always fits.
        if (!Utf8.TryWrite(_id, $"{topic}-{partition}-{offset}", out var written)) throw new ArgumentException("longer than a topic's name may be", nameof(topic));
        json.WriteString("deadLetterId"u8, _id.AsSpan(0, written));
    }

    private static void WriteHeaders(Utf8JsonWriter json, ReadOnlySpan<byte> headers)
    {
        var kept = 0;
        var leftOut = 0;
        json.WriteStartArray("headers"u8);
        while (EncodedHeaders.TryNext(ref headers, out var name, out var value, out var valueIsNull))
        {
            if (kept + name.Length + value.Length > MaxHeaderBytes)
            {
                leftOut++;
                continue;
            }

            kept += name.Length + value.Length;
            json.WriteStartObject();
            if (Utf8.IsValid(name)) json.WriteString("name"u8, name);
            else json.WriteString("name"u8, Encoding.UTF8.GetString(name));
            if (!valueIsNull) json.WriteBase64String("value"u8, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (leftOut > 0) json.WriteNumber("headersLeftOut"u8, leftOut);
    }
}
