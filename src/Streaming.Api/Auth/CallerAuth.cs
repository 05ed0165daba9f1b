using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Streaming.Api.Settings;

namespace Streaming.Api.Auth;

/// <summary>Finds out who asks: an API key, a token, or this machine where that is enough. Whoever shows a proof that fails is nobody, also on this machine.</summary>
internal sealed class CallerAuth
{
    private const string Scheme = "Bearer ";
    private const int MaxHeaderLength = 16 * 1024;
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Client-IP", "X-Real-IP", "Via"];
    private readonly ApiKeyStore? _keys;
    private readonly JwtVerifier? _tokens;
    private readonly bool _loopback;

    /// <summary>As the options say.</summary>
    /// <exception cref="FormatException">The file of keys is not sound.</exception>
    /// <exception cref="IOException">The file of keys cannot be read.</exception>
    public CallerAuth(AuthOptions options, BaseConfigurationManager? provider, TimeProvider time, ILogger logger)
    {
        if (options.KeysFile.Length > 0) _keys = new ApiKeyStore(options.KeysFile, options.KeysReload, time, logger);
        if (options.Jwt.IsOn) _tokens = new JwtVerifier(options.Jwt, provider, time, logger);
        _loopback = options.AllowLoopbackWithoutKey;
        if (_keys is null && _tokens is null && !_loopback) ApiLog.NobodyIsAnswered(logger);
        if (_loopback) ApiLog.LoopbackIsEnough(logger);
    }

    /// <summary>Who asks.</summary>
    public async ValueTask<CallerCheck> CheckAsync(HttpContext context, CancellationToken cancellation)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0) return _loopback && IsFromHere(context) ? new CallerCheck(Caller.Loopback) : new CallerCheck(null, "no_proof");
        var text = header.ToString();
        if (header.Count > 1 || text.Length > MaxHeaderLength || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return new CallerCheck(null, "malformed_header");
        var proof = text[Scheme.Length..];
        if (proof.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)) return _keys?.Check(proof) ?? new CallerCheck(null, "keys_are_off");
        return _tokens is null ? new CallerCheck(null, "tokens_are_off") : await _tokens.CheckAsync(proof, cancellation).ConfigureAwait(false);
    }

    // A page of another site whose name leads here, or a proxy beside the engine that says so, is from elsewhere. A proxy that adds no header is not seen.
    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
        && context.Request.Host.Host is var host && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _))
        && !ProxyHeaders.Any(context.Request.Headers.ContainsKey) && !context.Request.Headers.ContainsKey("Origin")
        && context.Request.Headers["Sec-Fetch-Site"].ToString() is ("" or "none" or "same-origin");
}
