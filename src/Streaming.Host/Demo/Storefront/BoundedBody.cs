using Microsoft.Net.Http.Headers;

namespace Streaming.Host.Demo.Storefront;

/// <summary>The body of a request that is JSON and small.</summary>
internal static class BoundedBody
{
    /// <summary>Most bytes.</summary>
    public const int MaxBytes = 4096;

    /// <summary>True for <c>application/json</c> in UTF-8: no form of a web page can send that without asking first.</summary>
    public static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads it; null where it is larger, also where no length was told.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBytes) return null;
        var room = new byte[MaxBytes + 1];
        var used = 0;
        for (int read; used < room.Length && (read = await request.Body.ReadAsync(room.AsMemory(used), cancellation)) > 0;) used += read;
        // No conditional expression: its null would be an empty memory.
        if (used > MaxBytes) return null;
        return room.AsMemory(0, used);
    }
}
