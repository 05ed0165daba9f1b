using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Streaming.Api.Auth;
using Streaming.Api.Settings;
using Streaming.Api.Tests.Support;

namespace Streaming.Api.Tests.Auth;

/// <summary>Tokens of an identity provider: the usual ways to forge one are refused.</summary>
public sealed class JwtTests : IDisposable
{
    private const string Issuer = "https://id.example/", Audience = "streaming", Query = """{"userId":"visitor-1"}""", Profile = "/v1/profiles/query";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256), _stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Token_with_a_role_passes_and_is_named_by_its_subject()
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, Token())).Status);
        var refused = server.AssertRefused(await AskAsync(server, Token(roles: [ApiRoles.Operator, "root"])), HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal("token:anna", refused.Who);
        server.AssertRefused(await AskAsync(server, Token(roles: [])), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Subject_cannot_write_lines_into_a_log()
    {
        await using var server = await StartAsync();
        var refused = server.AssertRefused(await AskAsync(server, Token(subject: "anna\n8006 API: forged " + new string('x', 300), roles: [])), HttpStatusCode.Forbidden, "forbidden");
        Assert.DoesNotContain('\n', refused.Who);
        Assert.InRange(refused.Who.Length, 1, 140);
    }

    [Fact]
    public async Task Forged_and_foreign_tokens_are_refused()
    {
        await using var server = await StartAsync();
        (string Token, string Reason)[] bad =
        [
            (Token(issuer: "https://other.example/"), "wrong_issuer"),
            (Token(audience: "another"), "wrong_audience"),
            (Token(expires: DateTime.UtcNow.AddMinutes(-5)), "expired_token"),
            (Token(notBefore: DateTime.UtcNow.AddMinutes(20)), "token_not_yet_valid"),
            (Token(key: _stranger, keyId: "k1"), "wrong_signature"),
            (Token(key: _stranger, keyId: "k9"), "wrong_signature"),
            (Unsigned(), "wrong_signature"),
            (SignedWithThePublicKey(), "wrong_signature"),
            (Token()[..^8] + "AAAAAAAA", "wrong_signature"),
            ("not.a.token", "malformed_token"),
            ("x", "malformed_token"),
        ];
        foreach (var (token, reason) in bad)
        {
            var answer = await AskAsync(server, token);
            server.AssertRefused(answer, HttpStatusCode.Unauthorized, "unauthenticated");
            // Which of its mistakes a library finds first is its business; that it is no surprise is ours.
            var found = Assert.Single(server.Engine.Audited, e => e.RequestId == answer.Problem.RequestId).Reason!;
            Assert.True(found == reason || (reason == "wrong_signature" && found is "wrong_algorithm" or "malformed_token"), $"{reason}: {found}");
        }
    }

    [Fact]
    public async Task Algorithm_that_is_not_allowed_is_refused()
    {
        await using var server = await StartAsync(["RS256"]);
        server.AssertRefused(await AskAsync(server, Token()), HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.NotEmpty(new JwtOptions { Issuer = Issuer, Audience = Audience, Algorithms = ["none"] }.Validate());
        Assert.NotEmpty(new JwtOptions { Issuer = Issuer, Audience = Audience, Algorithms = ["HS256"] }.Validate());
        Assert.NotEmpty(new JwtOptions { Issuer = "http://id.example/", Audience = Audience }.Validate());
    }

    [Fact]
    public async Task Provider_that_does_not_answer_is_503_and_lets_nobody_in()
    {
        await using var server = await ApiServer.StartAsync(WithTokens(null), new AwayProvider());
        var answer = await AskAsync(server, Token());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("provider_unavailable", Assert.Single(server.Engine.Audited).Reason);
    }

    private static Task<ApiAnswer> AskAsync(ApiServer server, string token)
    {
        server.MoreSecrets.Add(token.Split('.')[^1] is { Length: > 8 } signature ? signature : token + "-not-there");
        return server.PostAsync(Profile, token, Query);
    }

    private async Task<ApiServer> StartAsync(IReadOnlyList<string>? algorithms = null)
    {
        var configuration = new OpenIdConnectConfiguration { Issuer = Issuer };
        configuration.SigningKeys.Add(new ECDsaSecurityKey(_key) { KeyId = "k1" });
        return await ApiServer.StartAsync(WithTokens(algorithms), new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration));
    }

    private static Func<ApiOptions, ApiOptions> WithTokens(IReadOnlyList<string>? algorithms)
    {
        var jwt = new JwtOptions { Issuer = Issuer, Audience = Audience };
        return o => o with { Auth = o.Auth with { Jwt = algorithms is null ? jwt : jwt with { Algorithms = algorithms } } };
    }

    private string Token(string issuer = Issuer, string audience = Audience, string subject = "anna", string[]? roles = null, DateTime? expires = null, DateTime? notBefore = null, ECDsa? key = null, string keyId = "k1") =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["roles"] = roles ?? [ApiRoles.Marketer] },
            Expires = expires ?? DateTime.UtcNow.AddHours(1),
            NotBefore = notBefore ?? DateTime.UtcNow.AddHours(-1),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key ?? _key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256),
        });

    private string Unsigned() => $"{Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8)}.{Token().Split('.')[1]}.";

    private string SignedWithThePublicKey()
    {
        var text = $"{Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT","kid":"k1"}"""u8)}.{Token().Split('.')[1]}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(text)))}";
    }

    private sealed class AwayProvider : BaseConfigurationManager
    {
        public override Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => throw new InvalidOperationException("IDX20803");

        public override void RequestRefresh()
        {
        }
    }
}
