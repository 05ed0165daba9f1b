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

    private readonly RSA _rsa = RSA.Create(2048);

    public void Dispose()
    {
        _key.Dispose();
        _stranger.Dispose();
        _rsa.Dispose();
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
        Assert.InRange(refused.Who.Length, 1, 160);
    }

    [Fact]
    public async Task Two_subjects_are_never_one_caller()
    {
        await using var server = await StartAsync();
        var seen = new List<string>();
        foreach (var subject in (string[])["a?b", "a\nb", "a\u00e9b", "a~b", new string('x', 128), new string('x', 129), new string('x', 128) + "y"])
        {
            seen.Add(server.AssertRefused(await AskAsync(server, Token(subject: subject, roles: [])), HttpStatusCode.Forbidden, "forbidden").Who);
        }

        Assert.Equal(seen, seen.Distinct());
        Assert.Equal("token:a?b", seen[0]);
        Assert.Matches("^token:a\\?b~[0-9a-f]{16}$", seen[1]);
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
            (Token(subject: null), "token_without_subject"),
            (Token(withExpiry: false), "token_without_expiry"),
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
        (string Name, string Token)[] tokens = [("ES256", Token()), ("RS256", Token(signer: Rsa(SecurityAlgorithms.RsaSha256))), ("PS256", Token(signer: Rsa(SecurityAlgorithms.RsaSsaPssSha256))), ("RS512", Token(signer: Rsa(SecurityAlgorithms.RsaSha512)))];
        foreach (var (allowed, _) in tokens)
        {
            await using var server = await StartAsync([allowed]);
            foreach (var (name, token) in tokens)
            {
                var answer = await AskAsync(server, token);
                if (name == allowed) Assert.Equal(HttpStatusCode.OK, answer.Status);
                else server.AssertRefused(answer, HttpStatusCode.Unauthorized, "unauthenticated", "wrong_algorithm");
            }
        }

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

    [Fact]
    public async Task Provider_that_hangs_is_given_up_and_strangers_do_not_make_it_be_asked()
    {
        var provider = new HangingProvider();
        await using var server = await ApiServer.StartAsync(WithTokens(null), provider);
        foreach (var stranger in (string[])["x", "not.a.token", Unsigned(), SignedWithThePublicKey(), Token(signer: Rsa(SecurityAlgorithms.RsaSha512))])
        {
            server.AssertRefused(await AskAsync(server, stranger), HttpStatusCode.Unauthorized, "unauthenticated");
        }

        Assert.Equal(0, provider.Asked);
        var pending = AskAsync(server, Token());
        await ApiServer.UntilAskedAsync(provider.First, pending);
        while (await Task.WhenAny(pending, Task.Delay(20, ApiServer.Stop)) != pending) server.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), ((await pending).Status, provider.Asked));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), ((await AskAsync(server, Token())).Status, provider.Asked));
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var later = AskAsync(server, Token());
        while (await Task.WhenAny(later, Task.Delay(20, ApiServer.Stop)) != later) server.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, provider.Asked);
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
        configuration.SigningKeys.Add(new RsaSecurityKey(_rsa) { KeyId = "r1" });
        return await ApiServer.StartAsync(WithTokens(algorithms), new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration));
    }

    private static Func<ApiOptions, ApiOptions> WithTokens(IReadOnlyList<string>? algorithms)
    {
        var jwt = new JwtOptions { Issuer = Issuer, Audience = Audience };
        return o => o with { Auth = o.Auth with { Jwt = algorithms is null ? jwt : jwt with { Algorithms = algorithms } } };
    }

    private string Token(string issuer = Issuer, string audience = Audience, string? subject = "anna", string[]? roles = null, DateTime? expires = null, DateTime? notBefore = null, ECDsa? key = null, string keyId = "k1", SigningCredentials? signer = null, bool withExpiry = true) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = new Dictionary<string, object>((subject is null ? [] : (KeyValuePair<string, object>[])[new("sub", subject)]).Append(new("roles", roles ?? [ApiRoles.Marketer]))),
            Expires = withExpiry ? expires ?? DateTime.UtcNow.AddHours(1) : null,
            NotBefore = notBefore ?? DateTime.UtcNow.AddHours(-1),
            SigningCredentials = signer ?? new SigningCredentials(new ECDsaSecurityKey(key ?? _key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256),
        });

    private SigningCredentials Rsa(string algorithm) => new(new RsaSecurityKey(_rsa) { KeyId = "r1" }, algorithm);

    private string Unsigned() => $"{Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8)}.{Token().Split('.')[1]}.";

    private string SignedWithThePublicKey()
    {
        var text = $"{Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT","kid":"k1"}"""u8)}.{Token().Split('.')[1]}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(text)))}";
    }

    private sealed class HangingProvider : BaseConfigurationManager
    {
        private readonly TaskCompletionSource _first = new();
        private int _asked;

        public Task First => _first.Task;

        public int Asked => Volatile.Read(ref _asked);

        public override Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel)
        {
            Interlocked.Increment(ref _asked);
            _first.TrySetResult();
            return new TaskCompletionSource<BaseConfiguration>().Task;
        }

        public override void RequestRefresh()
        {
        }
    }

    private sealed class AwayProvider : BaseConfigurationManager
    {
        public override Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => throw new InvalidOperationException("IDX20803");

        public override void RequestRefresh()
        {
        }
    }
}
