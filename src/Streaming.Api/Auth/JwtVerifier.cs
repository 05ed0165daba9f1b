using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Streaming.Api.Http;
using Streaming.Api.Settings;

namespace Streaming.Api.Auth;

/// <summary>
/// Checks tokens of the identity provider with its published keys, by Microsoft.IdentityModel: signature by an allowed algorithm, issuer, audience, time. What is no token of an allowed algorithm is refused
/// before the provider is asked, and one that hangs is given up, and asked again after a pause: strangers must not hold places with it.
/// </summary>
internal sealed class JwtVerifier
{
    private const int MaxTokenBytes = 16 * 1024, MaxSubjectLength = 128;
    private static readonly TimeSpan ProviderTime = TimeSpan.FromSeconds(2), ProviderPause = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly JwtOptions _options;
    private readonly BaseConfigurationManager _provider;
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxTokenBytes, MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long? _awaySince;

    /// <summary>A verifier.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="provider">Where the provider's keys come from; null: from its well-known address.</param>
    /// <param name="time">Clock of waits; times of a token are held against the machine's.</param>
    /// <param name="logger">Log.</param>
    public JwtVerifier(JwtOptions options, BaseConfigurationManager? provider, TimeProvider time, ILogger logger)
    {
        _time = time;
        _options = options;
        _logger = logger;
        _provider = provider ?? new ConfigurationManager<OpenIdConnectConfiguration>(options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever { RequireHttps = true });
        _parameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = options.Algorithms,
            ClockSkew = options.ClockSkew,
            ConfigurationManager = _provider,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuerSigningKey = true,
        };
    }

    /// <summary>Who the token names, with the scopes of its roles; a token without a role of ours may do nothing.</summary>
    public async Task<CallerCheck> CheckAsync(string token, CancellationToken cancellation)
    {
        if (HeaderError(token) is { } error) return new CallerCheck(null, error);
        if (IsPaused()) return Away();
        TokenValidationResult result;
        Task<TokenValidationResult>? work = null;
        using var clock = new CancellationTokenSource(ProviderTime, _time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        try
        {
            work = ValidateAsync(token, limited.Token);
            result = await work.WaitAsync(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            work?.GiveUp(_logger, "identity provider", "-");
            return GiveUp($"no answer within {ProviderTime.TotalSeconds} s");
        }
        catch (InvalidOperationException e)
        {
            return GiveUp(e.Message);
        }

        if (!result.IsValid) return new CallerCheck(null, ReasonOf(result.Exception));
        if (((JsonWebToken)result.SecurityToken).Subject is not { Length: > 0 } subject) return new CallerCheck(null, "token_without_subject");
        var roles = result.ClaimsIdentity.FindAll(_options.RoleClaim).Select(c => c.Value);
        var scopes = roles.SelectMany(r => ApiRoles.Scopes.GetValueOrDefault(r) ?? []).ToFrozenSet(StringComparer.Ordinal);
        return new CallerCheck(new Caller("token:" + SubjectOf(subject), scopes, []));
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancellation)
    {
        await _provider.GetBaseConfigurationAsync(cancellation).ConfigureAwait(false);
        return await _handler.ValidateTokenAsync(token, _parameters).ConfigureAwait(false);
    }

    private string? HeaderError(string token)
    {
        if (token.Length > MaxTokenBytes || !_handler.CanReadToken(token)) return "malformed_token";
        try
        {
            return _options.Algorithms.Contains(_handler.ReadJsonWebToken(token).Alg, StringComparer.Ordinal) ? null : "wrong_algorithm";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or JsonException)
        {
            return "malformed_token";
        }
    }

    private bool IsPaused()
    {
        lock (_gate) return _awaySince is { } at && _time.GetElapsedTime(at) < ProviderPause;
    }

    private CallerCheck GiveUp(string reason)
    {
        lock (_gate) _awaySince = _time.GetTimestamp();
        ApiLog.ProviderAway(_logger, _options.Issuer, reason);
        return Away();
    }

    private static CallerCheck Away() => new(null, "provider_unavailable") { IsUnavailable = true };

    // A subject goes into logs: nothing but visible ASCII, and not at any length. Two subjects never become one: what was changed, or could be taken for it, ends in a hash of the whole.
    private static string SubjectOf(string subject)
    {
        var shown = string.Concat(subject.Take(MaxSubjectLength).Select(c => c is > ' ' and < '\x7f' ? c : '?'));
        return shown == subject && !subject.Contains('~') ? shown : $"{shown}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 8))}";
    }

    private static string ReasonOf(Exception? error) => error switch
    {
        SecurityTokenExpiredException => "expired_token",
        SecurityTokenInvalidIssuerException => "wrong_issuer",
        SecurityTokenInvalidAudienceException => "wrong_audience",
        SecurityTokenInvalidAlgorithmException => "wrong_algorithm",
        SecurityTokenNotYetValidException => "token_not_yet_valid",
        SecurityTokenNoExpirationException => "token_without_expiry",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => "wrong_signature",
        _ => "malformed_token",
    };
}
