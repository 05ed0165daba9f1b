using System.Net;
using System.Security.Cryptography;
using System.Text;
using Streaming.Host.Settings;

namespace Streaming.Host.Http;

/// <summary>
/// Who is answered. Health and metrics: everyone that reaches the port. Everything else (profiles among it): this machine, and from elsewhere whoever shows the token (<c>Authorization: Bearer …</c>);
/// without a token in the settings nobody from elsewhere. From elsewhere is too what asks under a name that is not this machine's: a page of another site whose name leads here (DNS rebinding), or a
/// proxy on this machine that passes on what others ask. The HTTP interface (/v1 and its document) has callers of its own with keys or tokens: where it is served, it decides, and no token of this class opens it.
/// </summary>
/// <param name="options">The token.</param>
/// <param name="servesApi">Whether the HTTP interface is served.</param>
internal sealed class RemoteAccess(HttpOptions options, bool servesApi)
{
    private const string Scheme = "Bearer ";
    private readonly byte[]? _token = options.Token.Length == 0 ? null : SHA256.HashData(Encoding.UTF8.GetBytes(options.Token));

    /// <summary>Lets a request pass, or answers 401 (no token, or a wrong one) or 403 (there is none to show).</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (IsOpen(context.Request.Path) || (servesApi && IsOfApi(context.Request.Path)) || IsFromHere(context) || ShowsToken(context.Request))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = _token is null ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        if (_token is not null) context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsync(_token is null ? "answered to this machine only, asked as localhost or by an address; others need Http:Token\n" : "needs the token of Http:Token\n", context.RequestAborted);
    }

    /// <summary>True where a request names this machine: <c>localhost</c>, an address, or nothing, as no browser does.</summary>
    public static bool NamesThisMachine(HttpRequest request) =>
        request.Host.Host is var host && (host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out _));

    private static bool IsFromHere(HttpContext context) => context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from) && NamesThisMachine(context.Request);

    private static bool IsOpen(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);

    private static bool IsOfApi(PathString path) => path.StartsWithSegments("/v1", StringComparison.Ordinal) || path.StartsWithSegments("/openapi", StringComparison.Ordinal);

    // Hashes are compared, so that the time tells nothing of the token, its length included.
    private bool ShowsToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return _token is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..])), _token);
    }
}
