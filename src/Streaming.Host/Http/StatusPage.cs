using System.Reflection;

namespace Streaming.Host.Http;

/// <summary>The page at <c>/</c>: where the node stands, and a look-up of one user. Plain files inside the program, no build step.</summary>
internal static class StatusPage
{
    /// <summary>Nothing of a page comes from elsewhere, and no other page may frame it.</summary>
    public const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'";

    /// <summary>Maps the page.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var page = Read("index.html");
        var script = Read("page.js");
        routes.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
            return TypedResults.Bytes(page, "text/html; charset=utf-8");
        });
        routes.MapGet("/page.js", () => TypedResults.Bytes(script, "text/javascript; charset=utf-8"));
    }

    /// <summary>A file of a page, as it is in the program.</summary>
    public static byte[] Read(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream("page/" + name) ?? throw new InvalidOperationException($"The program lacks its page {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
