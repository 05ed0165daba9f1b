using System.Net;
using Streaming.Api.Auth;
using Streaming.Api.Settings;
using Streaming.Api.Tests.Support;

namespace Streaming.Api.Tests.Auth;

/// <summary>This machine without a key: only where that was allowed, and only where it is this machine that asks.</summary>
public sealed class LoopbackTests
{
    private const string Query = """{"userId":"visitor-1"}""", List = "/v1/recommendations/query";

    [Fact]
    public async Task Nothing_is_set_and_nobody_is_answered()
    {
        await using var server = await ApiServer.StartAsync(withKeys: false);
        server.AssertRefused(await server.PostAsync(List, null, Query), HttpStatusCode.Unauthorized, "unauthenticated", "no_proof");
        server.AssertRefused(await server.PostAsync(List, server.Key(ApiRoles.Reader), Query), HttpStatusCode.Unauthorized, "unauthenticated", "keys_are_off");
        Assert.Contains(server.Log.Lines, line => line.Contains("8003", StringComparison.Ordinal));
    }

    [Fact]
    public async Task This_machine_passes_where_it_is_allowed_and_what_comes_through_others_does_not()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Auth = o.Auth with { AllowLoopbackWithoutKey = true } }, withKeys: false, isDevelopment: true);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, null, Query)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, null, Query, ("Host", "localhost"))).Status);
        foreach (var (name, value) in ((string, string)[])[("Host", "shop.example"), ("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"), ("Via", "1.1 proxy"), ("Origin", "https://evil.example"),
            ("X-Forwarded-Host", "shop.example"), ("X-Forwarded-Proto", "https"), ("X-Original-For", "192.0.2.1"), ("X-Client-IP", "192.0.2.1"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")])
        {
            server.AssertRefused(await server.PostAsync(List, null, Query, (name, value)), HttpStatusCode.Unauthorized, "unauthenticated", "no_proof");
        }

        foreach (var site in (string[])["none", "same-origin"]) Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, null, Query, ("Sec-Fetch-Site", site))).Status);

        // A proof that fails is not made good by where it comes from.
        server.AssertRefused(await server.PostAsync(List, "sk_x_y", Query), HttpStatusCode.Unauthorized, "unauthenticated", "keys_are_off");
    }

    [Fact]
    public async Task It_is_no_setting_beside_keys_or_tokens_nor_outside_development()
    {
        var alone = new AuthOptions { AllowLoopbackWithoutKey = true };
        Assert.Empty(alone.Validate());
        Assert.StartsWith("AllowLoopbackWithoutKey", Assert.Single((alone with { KeysFile = "keys.json" }).Validate()), StringComparison.Ordinal);
        Assert.StartsWith("AllowLoopbackWithoutKey", Assert.Single((alone with { Jwt = new JwtOptions { Issuer = "https://id.example/", Audience = "a" } }).Validate()), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => ApiServer.StartAsync(o => o with { Auth = alone }, withKeys: false));
        Assert.Contains("Auth:AllowLoopbackWithoutKey", error.Message, StringComparison.Ordinal);
        await using var server = await ApiServer.StartAsync(o => o with { Auth = alone with { AllowLoopbackInProduction = true } }, withKeys: false);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, null, Query)).Status);
    }
}
