using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Streaming.Api.Http;

/// <summary>Reads a body up to its limit, whatever length it claims to have.</summary>
internal static class BodyReader
{
    private const int MaxFirstRoom = 64 * 1024;

    /// <summary>True where the body is UTF-8 JSON that is not compressed.</summary>
    public static bool IsJson(HttpRequest request) => IsOf(request, "application/json");

    /// <summary>True where the body is of a media type, UTF-8, not compressed.</summary>
    public static bool IsOf(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && string.Equals(type.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)) && request.Headers.ContentEncoding.Count == 0;

    /// <summary>The whole body; or the refusal of one that is beyond the limit, or does not come in time.</summary>
    public static async Task<(ReadOnlyMemory<byte>? Body, ApiReply? Refusal)> ReadAsync(ApiCall call, int limit)
    {
        var context = call.Context;
        var tooLarge = ApiReply.Error(ProblemKind.TooLarge, $"The body may have {limit} bytes.");
        // The server's own limit is for routes that read no body of ours, and breaks the connection; with none the server throws the rest away for some seconds, so that the refusal reaches its caller.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server) server.MaxRequestBodySize = null;
        if (context.Request.ContentLength > limit) return (null, tooLarge);
        using var clock = new CancellationTokenSource(call.Environment.Options.Limits.BodyTime, call.Environment.Time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, call.Aborted);
        var room = new byte[FirstRoom(context.Request.ContentLength, limit)];
        var used = 0;
        try
        {
            while (true)
            {
                if (used == room.Length) Array.Resize(ref room, (int)Math.Min(limit + 1L, room.Length * 2L));
                var read = await context.Request.Body.ReadAsync(room.AsMemory(used), limited.Token).ConfigureAwait(false);
                if (read == 0) return (room.AsMemory(0, used), null);
                used += read;
                if (used > limit) return (null, tooLarge);
            }
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            return (null, ApiReply.Error(ProblemKind.SlowBody));
        }
    }

    /// <summary>Room to begin with: it grows with what comes, not with what is claimed.</summary>
    public static int FirstRoom(long? claimed, int limit) => (int)Math.Min(Math.Min(limit + 1L, MaxFirstRoom), claimed + 1 ?? MaxFirstRoom);

    /// <summary>Where a text is no JSON document; null: it is one.</summary>
    public static string? SyntaxError(ReadOnlySpan<byte> json, int maxDepth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                // Half a surrogate pair, or bytes that are no UTF-8, show only when the text is taken out.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) CheckText(ref reader);
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"Line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: no JSON, or nested deeper than {maxDepth}.";
        }
        catch (InvalidOperationException)
        {
            return $"Byte {reader.TokenStartIndex + 1}: text that is no Unicode.";
        }
    }

    private static void CheckText(ref Utf8JsonReader reader)
    {
        var room = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length + 1);
        try
        {
            reader.CopyString(room);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(room);
        }
    }
}
