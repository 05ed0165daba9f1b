using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>
/// Reads one record of <c>events</c> for the reference fold. Only as strict as it needs to be: whether a record was a dead letter is the topic's word, not this class's; here a
/// record either has a meaning for the fold or a reason why not.
/// </summary>
internal static class RefEventReader
{
    private const decimal MaxPrice = 100_000_000;
    private const long MinTimeMs = 631_152_000_000, MaxTimeMs = 4_102_444_800_000;

    /// <summary>The event, or null and the reason.</summary>
    public static RefEvent? Read(LogRecord record, out string reason)
    {
        if (record.Value is null || record.Value.Length == 0) return None("no value", out reason);
        if (record.Key is null) return None("no key", out reason);
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(record.Value), new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return None("not an object", out reason);
            return Parse(document.RootElement, record, out reason);
        }
        catch (JsonException error)
        {
            return None("not JSON: " + error.Message, out reason);
        }
        catch (InvalidOperationException)
        {
            // GetString on a lone surrogate.
            return None("text that is not Unicode", out reason);
        }
    }

    /// <summary>The text behind a UTF-8 byte-order mark (shape 14).</summary>
    public static ReadOnlyMemory<byte> WithoutMark(byte[] value) => value.AsSpan().StartsWith("\uFEFF"u8) ? value.AsMemory(3) : value;

    private static RefEvent? Parse(JsonElement root, LogRecord record, out string reason)
    {
        var type = EventTypes.Parse(Text(root, "type") ?? "");
        if (type == EventType.Unknown) return None("unknown type", out reason);
        if (Time(root) is not { } time || time < MinTimeMs || time >= MaxTimeMs) return None("no time", out reason);
        if (Who(root, type, out var linked) is not { } user) return None("no user", out reason);
        if (!Encoding.UTF8.GetBytes(user[2..]).AsSpan().SequenceEqual(record.Key)) return None("the key names another user", out reason);
        var item = RefId.Of(Text(root, "itemId"));
        if (NeedsItem(type) && item is null) return None("no item", out reason);
        if (!TryQuantity(root, out var quantity)) return None("quantity", out reason);
        if (!TryPrice(root, out var price)) return None("price", out reason);
        var currency = Text(root, "currency");
        if (price is not null && currency is null) return None("a price without a currency", out reason);
        var stars = type is EventType.Rating or EventType.Review ? Stars(root) : 0;
        if (stars < 0 || (type == EventType.Rating && stars == 0)) return None("rating", out reason);
        var message = type == EventType.Message ? State(Text(root, "state")) : MessageState.None;
        if (type == EventType.Message && message == MessageState.None) return None("no message state", out reason);
        if (!TryConsent(root, type, out var named, out var granted)) return None("no consent", out reason);
        reason = "";
        return new RefEvent
        {
            Offset = record.Offset,
            Type = type,
            User = user,
            OccurredAtMs = time,
            AppendedAtMs = record.IsAppendTime ? record.TimestampMs : null,
            Id = RefId.Of(Text(root, "eventId")),
            Item = item,
            SessionId = RefId.Of(Text(root, "sessionId")),
            LinkedUser = linked,
            Quantity = quantity,
            PriceE4 = price,
            Currency = currency,
            StarsTimesTen = stars,
            ConsentNamed = named,
            ConsentGranted = granted,
            Message = message,
        };
    }

    private static RefEvent? None(string why, out string reason)
    {
        reason = why;
        return null;
    }

    private static string? Who(JsonElement root, EventType type, out string? linked)
    {
        var user = RefId.Of(Text(root, "userId"));
        var guest = RefId.Of(Text(root, "anonymousId"));
        linked = null;
        if (type != EventType.Identify) return user is not null ? "u:" + user : guest is not null ? "a:" + guest : null;
        if (user is null || guest is null) return null;
        linked = "u:" + user;
        return "a:" + guest;
    }

    private static bool NeedsItem(EventType type) => type is not (EventType.Search or EventType.Identify or EventType.Consent or EventType.Message or EventType.Erase);

    private static long? Time(JsonElement root)
    {
        if (!root.TryGetProperty("occurredAt", out var time)) return null;
        if (time.ValueKind == JsonValueKind.Number) return Exact(time) is { } number && number == decimal.Truncate(number) && number is > -1e15m and < 1e15m ? (long)number : null;
        return time.ValueKind == JsonValueKind.String &&
            DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date.ToUnixTimeMilliseconds() : null;
    }

    private static bool TryQuantity(JsonElement root, out int quantity)
    {
        quantity = 1;
        if (!IsThere(root, "quantity", out var value)) return true;
        if (Exact(value) is not { } number || number != decimal.Truncate(number) || number is < 1 or > 1_000_000) return false;
        quantity = (int)number;
        return true;
    }

    private static bool TryPrice(JsonElement root, out long? priceE4)
    {
        priceE4 = null;
        if (!IsThere(root, "unitPrice", out var value)) return true;
        if (Exact(value) is not { } number || number is < 0 or > MaxPrice) return false;
        priceE4 = (long)decimal.Round(number * 10_000, 0, MidpointRounding.ToEven);
        return true;
    }

    /// <summary>Stars × 10; 0: none given; -1: out of range.</summary>
    private static int Stars(JsonElement root)
    {
        if (!IsThere(root, "rating", out var value)) return 0;
        return Exact(value) is { } number && number is >= 1 and <= 5 ? (int)decimal.Round(number * 10, 0, MidpointRounding.ToEven) : -1;
    }

    private static bool TryConsent(JsonElement root, EventType type, out ConsentFlags named, out ConsentFlags granted)
    {
        named = granted = ConsentFlags.None;
        if (type != EventType.Consent) return true;
        if (!root.TryGetProperty("consent", out var consent) || consent.ValueKind != JsonValueKind.Object) return false;
        foreach (var (name, flag) in ((string, ConsentFlags)[])[("personalise", ConsentFlags.Personalise), ("market", ConsentFlags.Market), ("measure", ConsentFlags.Measure)])
        {
            if (!IsThere(consent, name, out var value)) continue;
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return false;
            named |= flag;
            if (value.ValueKind == JsonValueKind.True) granted |= flag;
        }

        return true;
    }

    // Null counts as absent (shape 6).
    private static bool IsThere(JsonElement root, string name, out JsonElement value) => root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static MessageState State(string? text) => text switch
    {
        "sent" => MessageState.Sent,
        "delivered" => MessageState.Delivered,
        "opened" => MessageState.Opened,
        "clicked" => MessageState.Clicked,
        "bounced" => MessageState.Bounced,
        "unsubscribed" => MessageState.Unsubscribed,
        _ => MessageState.None,
    };

    /// <summary>A number as written, without binary rounding.</summary>
    private static decimal? Exact(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && decimal.TryParse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
