namespace Streaming.Api.Settings;

/// <summary>Bearer tokens of an OpenID Connect provider.</summary>
public sealed record JwtOptions
{
    /// <summary>Algorithms that may be allowed: signatures by a private key. Neither <c>none</c> nor a shared secret.</summary>
    public static IReadOnlyList<string> Sound { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Issuer, exactly as in the tokens, https; its signing keys are read from <c>/.well-known/openid-configuration</c> below it. Empty: no tokens.</summary>
    public string Issuer { get; init; } = "";
    /// <summary>Audience that a token must name.</summary>
    public string Audience { get; init; } = "";
    /// <summary>Signature algorithms taken.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = ["RS256", "PS256", "ES256"];
    /// <summary>Claim with the roles: reader, writer, marketer, operator, privacyOfficer; others are ignored.</summary>
    public string RoleClaim { get; init; } = "roles";
    /// <summary>How far clocks may differ, 0 to 5 min.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True where tokens are taken.</summary>
    public bool IsOn => Issuer.Length > 0;

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromMinutes(5)) yield return $"{nameof(ClockSkew)} must be 0 to 5 min, not {ClockSkew}";
        if (!IsOn) yield break;
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme != Uri.UriSchemeHttps) yield return $"{nameof(Issuer)} must be an https address, not '{Issuer}'";
        if (Audience.Length == 0) yield return $"{nameof(Audience)} must not be empty where {nameof(Issuer)} is set";
        if (RoleClaim.Length == 0) yield return $"{nameof(RoleClaim)} must not be empty";
        if (Algorithms.Count == 0) yield return $"{nameof(Algorithms)} must not be empty";
        foreach (var algorithm in Algorithms.Except(Sound)) yield return $"{nameof(Algorithms)} must be of {string.Join(", ", Sound)}, not '{algorithm}'";
    }
}
