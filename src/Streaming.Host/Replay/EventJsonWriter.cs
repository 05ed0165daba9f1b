using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary>Writes history rows as records of <c>events</c> (docs/topics.md): eventId = row number, occurredAt in ms, absent fields left out. One buffer, reused.</summary>
internal sealed class EventJsonWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json;

    public EventJsonWriter()
    {
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>The record's value; valid until the next call. A row of <c>events</c> is its own value.</summary>
    public ReadOnlyMemory<byte> Write(HistoryRecord record)
    {
        if (record.Raw is { } raw) return raw;
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("eventId"u8, record.RowNumber.ToString(CultureInfo.InvariantCulture));
        _json.WriteString("type"u8, record.Type.WireName());
        if (record.UserId is { } user) _json.WriteString("userId"u8, user);
        if (record.AnonymousId is { } guest) _json.WriteString("anonymousId"u8, guest);
        if (record.SessionId is { } session) _json.WriteString("sessionId"u8, session);
        if (record.ItemId is { } item) _json.WriteString("itemId"u8, item);
        _json.WriteNumber("occurredAt"u8, record.TimeMs);
        if (record.Quantity is { } quantity) _json.WriteNumber("quantity"u8, quantity);
        if (record.UnitPrice is { } price)
        {
            _json.WriteNumber("unitPrice"u8, price);
            if (record.Currency is { } currency) _json.WriteString("currency"u8, currency);
        }

        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
