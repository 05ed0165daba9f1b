using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Streaming.Api.Settings;

namespace Streaming.Api.Auth;

/// <summary>Checks tokens of the identity provider with its published keys, by Microsoft.IdentityModel: signature by an allowed algorithm, issuer, audience, time.</summary>
internal sealed class JwtVerifier
{
    private const int MaxTokenBytes = 16 * 1024, MaxSubjectLength = 128;
    private readonly JwtOptions _options;
    private readonly BaseConfigurationManager _provider;
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxTokenBytes, MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;
    private readonly ILogger _logger;

    /// <summary>A verifier.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="provider">Where the provider's keys come from; null: from its well-known address.</param>
    /// <param name="logger">Log.</param>
    public JwtVerifier(JwtOptions options, BaseConfigurationManager? provider, ILogger logger)
    {
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
        try
        {
            await _provider.GetBaseConfigurationAsync(cancellation).ConfigureAwait(false);
        }
        catch (InvalidOperationException e)
        {
            ApiLog.ProviderAway(_logger, _options.Issuer, e.Message);
            return new CallerCheck(null, "provider_unavailable") { IsUnavailable = true };
        }

        var result = await _handler.ValidateTokenAsync(token, _parameters).ConfigureAwait(false);
        if (!result.IsValid) return new CallerCheck(null, ReasonOf(result.Exception));
        var roles = result.ClaimsIdentity.FindAll(_options.RoleClaim).Select(c => c.Value);
        var scopes = roles.SelectMany(r => ApiRoles.Scopes.GetValueOrDefault(r) ?? []).ToFrozenSet(StringComparer.Ordinal);
        return new CallerCheck(new Caller("token:" + SubjectOf(((JsonWebToken)result.SecurityToken).Subject), scopes, []));
    }

    // A subject goes into logs: nothing but visible ASCII, and not at any length.
    private static string SubjectOf(string? subject) =>
        string.IsNullOrEmpty(subject) ? "-" : string.Concat(subject.Take(MaxSubjectLength).Select(c => c is > ' ' and < '\x7f' ? c : '?'));

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
