using System.Text.Json;

namespace Streaming.Api.Events;

/// <summary>What must be known of an event before it has a key. Only for a text that the decoder took: names are there once and texts can be read.</summary>
internal readonly struct EventOutline
{
    private readonly int _bodyStart, _nullAt;

    private EventOutline(int bodyStart, int nullAt, string? type, string? userId, string? anonymousId, bool hasEventId)
    {
        _bodyStart = bodyStart;
        _nullAt = nullAt;
        Type = type;
        UserId = userId;
        AnonymousId = anonymousId;
        HasEventId = hasEventId;
    }

    /// <summary>What happened, as on the wire.</summary>
    public string? Type { get; }
    /// <summary>Known user, as sent.</summary>
    public string? UserId { get; }
    /// <summary>Guest, as sent.</summary>
    public string? AnonymousId { get; }
    /// <summary>True where it has an id; null is none.</summary>
    public bool HasEventId { get; }

    /// <summary>Reads it.</summary>
    public static EventOutline Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var start = (int)reader.BytesConsumed;
        var nullAt = -1;
        var hasId = false;
        string? type = null, user = null, guest = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) type = Value(ref reader);
            else if (reader.ValueTextEquals("userId"u8)) user = Value(ref reader);
            else if (reader.ValueTextEquals("anonymousId"u8)) guest = Value(ref reader);
            else if (reader.ValueTextEquals("eventId"u8))
            {
                hasId = Value(ref reader) is not null;
                nullAt = hasId ? -1 : (int)reader.TokenStartIndex;
            }
            else
            {
                reader.Skip();
            }
        }

        return new EventOutline(start, nullAt, type, user, guest, hasId);
    }

    /// <summary>The same text with an id: in the place of the null that it has there, or as its first field.</summary>
    public byte[] WithEventId(ReadOnlySpan<byte> json, string id)
    {
        var quoted = JsonEncodedText.Encode(id).EncodedUtf8Bytes;
        var replaced = _nullAt >= 0;
        var at = replaced ? _nullAt : _bodyStart;
        ReadOnlySpan<byte> before = replaced ? "\""u8 : "\"eventId\":\""u8, after = replaced ? "\""u8 : "\","u8;
        return [.. json[..at], .. before, .. quoted, .. after, .. json[(replaced ? at + "null".Length : at)..]];
    }

    private static string? Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }
}
