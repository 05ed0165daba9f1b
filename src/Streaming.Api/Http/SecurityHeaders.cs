using System.Globalization;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Settings;

namespace Streaming.Api.Http;

/// <summary>Headers of every answer: nothing of it is a page, may be framed, guessed at or kept.</summary>
internal static class SecurityHeaders
{
    private const string ContentPolicy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets them.</summary>
    public static void Set(HttpContext context, string requestId, BrowserOptions options)
    {
        var headers = context.Response.Headers;
        headers["X-Request-Id"] = requestId;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (context.Request.IsHttps && options.Hsts > TimeSpan.Zero) headers.StrictTransportSecurity = string.Create(CultureInfo.InvariantCulture, $"max-age={(long)options.Hsts.TotalSeconds}");
    }
}
