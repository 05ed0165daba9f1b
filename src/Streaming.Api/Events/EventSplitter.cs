using System.Text.Json;

namespace Streaming.Api.Events;

/// <summary>Cuts a body into the texts of its events; what is inside one is the decoder's business.</summary>
internal static class EventSplitter
{
    // Beyond what the decoder takes, so that an event that is too deep is refused by its index.
    private const int MaxDepth = 256;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The event, or the events of an array.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="most">Most events.</param>
    /// <param name="events">The texts.</param>
    /// <returns>Null; or why not.</returns>
    public static SplitError? Json(ReadOnlyMemory<byte> body, int most, out List<ReadOnlyMemory<byte>> events)
    {
        events = [];
        body = body[(body.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0)..];
        var text = body.Span.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty) return new SplitError("The body is empty.");
        if (text[0] != (byte)'[')
        {
            events.Add(body);
            return null;
        }

        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (events.Count == most) return SplitError.TooMany;
                events.Add(body[start..(int)reader.BytesConsumed]);
            }

            reader.Read();
        }
        catch (JsonException e)
        {
            return new SplitError($"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: no JSON, or nested deeper than {MaxDepth}.");
        }

        return events.Count == 0 ? new SplitError("The array is empty.") : null;
    }

    /// <summary>The events of a text with one in each line; lines without anything are left out.</summary>
    public static SplitError? Lines(ReadOnlyMemory<byte> body, int most, out List<ReadOnlyMemory<byte>> events)
    {
        events = [];
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (line.Span.StartsWith(ByteOrderMark)) line = line[ByteOrderMark.Length..];
            if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            if (events.Count == most) return SplitError.TooMany;
            events.Add(line);
        }

        return events.Count == 0 ? new SplitError("The body is empty.") : null;
    }
}

/// <summary>Why a body cannot be cut.</summary>
/// <param name="Words">For the caller.</param>
internal sealed record SplitError(string Words)
{
    /// <summary>It has more events than a request may have.</summary>
    public static SplitError TooMany { get; } = new("");
}
