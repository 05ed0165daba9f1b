using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary>
/// <c>events</c>: the engine's own JSON lines. A line that is a JSON object is passed through byte for byte, whatever its fields say (the engine judges them); fields that can
/// be read are also given as values, for training.
/// </summary>
internal static class EventLinesReader
{
    public static IEnumerable<HistoryRecord> Read(Stream content, HistoryReaderOptions options, Action<RejectedRow> rejected)
    {
        var lines = new LineReader(content, options.MaxRowLength);
        long row = 0;
        while (lines.Read())
        {
            if (!lines.TooLong && lines.Line.Trim(" \t"u8).IsEmpty) continue;
            row++;
            if (Parse(lines, row, options.MaxRowLength, rejected) is { } record) yield return record;
        }
    }

    private static HistoryRecord? Parse(LineReader lines, long row, int limit, Action<RejectedRow> rejected)
    {
        if (lines.TooLong) return Reject(lines, $"longer than {limit} bytes", rejected);
        var raw = lines.Line.ToArray();
        try
        {
            using var document = JsonDocument.Parse(raw);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return Reject(lines, "not a JSON object", rejected);
            return Record(root, raw, row, lines.LineNumber);
        }
        catch (JsonException error)
        {
            return Reject(lines, $"not JSON (byte {error.BytePositionInLine})", rejected);
        }
    }

    private static HistoryRecord Record(JsonElement root, byte[] raw, long row, long line) => new()
    {
        RowNumber = row,
        LineNumber = line,
        Type = Text(root, "type") is { } type ? EventTypes.Parse(type) : EventType.Unknown,
        TimeMs = Time(root),
        UserId = Text(root, "userId"),
        AnonymousId = Text(root, "anonymousId"),
        SessionId = Text(root, "sessionId"),
        ItemId = Text(root, "itemId"),
        Quantity = Value(root, "quantity") is { ValueKind: JsonValueKind.Number } quantity && quantity.TryGetInt64(out var units) ? units : null,
        UnitPrice = Value(root, "unitPrice") is { ValueKind: JsonValueKind.Number } price && price.TryGetDecimal(out var money) ? money : null,
        Currency = Text(root, "currency"),
        Rating = Value(root, "rating") is { ValueKind: JsonValueKind.Number } rating && rating.TryGetDouble(out var stars) ? stars : null,
        Raw = raw,
    };

    private static long Time(JsonElement root)
    {
        if (Value(root, "occurredAt") is not { } time) return 0;
        if (time.ValueKind == JsonValueKind.Number) return time.TryGetInt64(out var ms) ? ms : 0;
        return time.ValueKind == JsonValueKind.String && time.TryGetDateTimeOffset(out var date) ? date.ToUnixTimeMilliseconds() : 0;
    }

    private static JsonElement? Value(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement root, string name)
    {
        if (Value(root, name) is not { ValueKind: JsonValueKind.String } value) return null;
        try
        {
            return value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: no text, so no key; the engine makes it a dead letter.
            return null;
        }
    }

    private static HistoryRecord? Reject(LineReader lines, string reason, Action<RejectedRow> rejected)
    {
        rejected(new RejectedRow(lines.LineNumber, reason));
        return null;
    }
}
