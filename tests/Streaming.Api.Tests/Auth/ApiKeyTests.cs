using System.Net;
using Microsoft.Extensions.Time.Testing;
using Streaming.Api.Auth;
using Streaming.Api.Settings;
using Streaming.Api.Tests.Support;

namespace Streaming.Api.Tests.Auth;

/// <summary>Keys of the file: who passes, and who is refused for what.</summary>
public sealed class ApiKeyTests
{
    private const string Query = """{"userId":"visitor-1"}""", List = "/v1/recommendations/query";

    [Fact]
    public async Task Key_with_its_scope_passes_and_one_without_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, server.Key(ApiRoles.Reader), Query)).Status);
        var refused = server.AssertRefused(await server.PostAsync(List, server.Key(ApiRoles.Writer), Query), HttpStatusCode.Forbidden, "forbidden", "scope:recommendations:read");
        Assert.StartsWith("key:k", refused.Who, StringComparison.Ordinal);
        Assert.Single(server.Engine.Recommended);
    }

    [Theory]
    [InlineData(null, "no_proof")]
    [InlineData("", "malformed_header")]
    [InlineData("sk_", "malformed_key")]
    [InlineData("sk_shop_short", "malformed_key")]
    [InlineData("sk_../../etc/passwd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "malformed_key")]
    [InlineData("sk_nobody_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "unknown_key")]
    [InlineData("sk_reader_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "wrong_secret")]
    [InlineData("a.b.c", "tokens_are_off")]
    public async Task Whoever_proves_nothing_is_refused_everywhere(string? bearer, string reason)
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var path in (string[])[List, "/v1/events", "/v1/privacy/erasures", "/v1/privacy/exports", "/v1/dead-letters/redrive", "/v1/models/ranker/use", "/v1/no/such", "/openapi/v1.json"])
        {
            var answer = await server.PostAsync(path, bearer, Query);
            var entry = server.AssertRefused(answer, HttpStatusCode.Unauthorized, "unauthenticated", reason);
            Assert.Equal(reason == "wrong_secret" ? "key:reader" : "nobody", entry.Who);
            Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.DoesNotContain(reason, answer.Body, StringComparison.Ordinal);
        }

        Assert.Empty(server.Engine.Recommended);
        Assert.Empty(server.Engine.Erased);
        Assert.Empty(server.Engine.Acts);
    }

    [Fact]
    public async Task Other_scheme_and_two_headers_are_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        server.AssertRefused(await server.PostAsync(List, null, Query, ("Authorization", "Basic " + key)), HttpStatusCode.Unauthorized, "unauthenticated", "malformed_header");
        // A client that joins two into one.
        server.AssertRefused(await server.PostAsync(List, key, Query, ("Authorization", "Bearer " + key)), HttpStatusCode.Unauthorized, "unauthenticated", "malformed_key");
        // In an address every proxy would write it down: there it is no key.
        server.AssertRefused(await server.PostAsync(List + "?key=none", null, Query), HttpStatusCode.Unauthorized, "unauthenticated", "no_proof");
    }

    [Fact]
    public async Task Expired_and_revoked_keys_are_refused_and_named()
    {
        await using var server = await ApiServer.StartAsync();
        var late = server.Keys.Add("late", ApiRoles.Reader, expiresAt: server.Time.GetUtcNow().AddHours(1));
        var gone = server.Keys.Add("gone", ApiRoles.Reader, isRevoked: true);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, late, Query)).Status);
        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("key:late", server.AssertRefused(await server.PostAsync(List, late, Query), HttpStatusCode.Unauthorized, "unauthenticated", "expired_key").Who);
        Assert.Equal("key:gone", server.AssertRefused(await server.PostAsync(List, gone, Query), HttpStatusCode.Unauthorized, "unauthenticated", "revoked_key").Who);
    }

    [Fact]
    public async Task Two_secrets_are_valid_while_a_key_is_changed()
    {
        await using var server = await ApiServer.StartAsync();
        var first = server.Keys.Add("shop", ApiRoles.Reader);
        var second = server.Keys.Rotate("shop", server.Time.GetUtcNow().AddHours(1));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, first, Query)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, second, Query)).Status);
        server.Time.Advance(TimeSpan.FromHours(1));
        server.AssertRefused(await server.PostAsync(List, first, Query), HttpStatusCode.Unauthorized, "unauthenticated", "expired_secret");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, second, Query)).Status);
    }

    [Fact]
    public async Task Key_of_another_surface_is_refused_and_one_of_its_own_passes()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Keys.Add("cart", ApiRoles.Reader, surfaces: ["cart"]);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, key, """{"userId":"visitor-1","surface":"cart"}""")).Status);
        Assert.Equal("surface", server.AssertRefused(await server.PostAsync(List, key, Query), HttpStatusCode.Forbidden, "surface-not-allowed").Reason);
        server.AssertRefused(await server.PostAsync("/v1/rerank", key, """{"userId":"visitor-1","items":["a"],"surface":"home"}"""), HttpStatusCode.Forbidden, "surface-not-allowed");
        server.AssertRefused(await server.PostAsync("/v1/recommendations/batch", key, """{"queries":[{"userId":"visitor-1","surface":"cart"},{"userId":"visitor-1","surface":"home"}]}"""), HttpStatusCode.Forbidden, "surface-not-allowed");
        Assert.Single(server.Engine.Recommended);
    }

    [Fact]
    public async Task Key_for_guests_alone_speaks_of_no_user()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Keys.Add("page", scopes: [ApiScopes.RecommendationsRead, ApiScopes.ProfilesRead, ApiScopes.EventsWrite], isGuestsOnly: true);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        foreach (var (path, body) in ((string, string)[])[(List, Query), ("/v1/rerank", "{\"userId\":\"visitor-1\",\"items\":[\"a\"]}"), ("/v1/profiles/query", Query),
            ("/v1/recommendations/batch", "{\"queries\":[{\"anonymousId\":\"visitor-g\"},{\"userId\":\"visitor-1\"}]}")])
        {
            server.AssertRefused(await server.PostAsync(path, key, body), HttpStatusCode.Forbidden, "forbidden", "guests_only");
        }

        const string view = "\"itemId\":\"i\",\"eventId\":\"e\",\"occurredAt\":1767225600051}", events = "/v1/events";
        server.AssertRefused(await server.PostAsync(events, key, "{\"type\":\"view\",\"userId\":\"visitor-1\"," + view), HttpStatusCode.UnprocessableEntity, "events-refused", "events:guests_only");
        server.AssertRefused(await server.PostAsync(events, key, "{\"type\":\"identify\",\"anonymousId\":\"visitor-g\",\"userId\":\"visitor-1\"," + view), HttpStatusCode.UnprocessableEntity, "events-refused", "events:guests_only");
        Assert.Empty(server.Engine.Erased);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, key, "{\"anonymousId\":\"visitor-g\"}")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(events, key, "{\"type\":\"view\",\"anonymousId\":\"visitor-g\"," + view)).Status);
    }

    [Fact]
    public async Task File_is_read_again_and_a_key_taken_out_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, key, Query)).Status);
        server.Keys.Remove("k5");
        server.Time.Advance(new AuthOptions().KeysReload - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, key, Query)).Status);
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        server.AssertRefused(await server.PostAsync(List, key, Query), HttpStatusCode.Unauthorized, "unauthenticated", "unknown_key");
    }

    [Fact]
    public async Task Damaged_file_leaves_the_keys_of_before_and_a_missing_one_leaves_none()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, key, Query)).Status);
        foreach (var damaged in (string[])["{\"keys\":[", "{\"keys\":[null]}"])
        {
            await File.WriteAllTextAsync(server.Keys.File, damaged, ApiServer.Stop);
            server.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, key, Query)).Status);
        }

        Assert.Contains(server.Log.Lines, line => line.Contains("8002", StringComparison.Ordinal));
        File.Delete(server.Keys.File);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        server.AssertRefused(await server.PostAsync(List, key, Query), HttpStatusCode.Unauthorized, "unauthenticated", "unknown_key");
    }

    [Theory]
    [InlineData("""{"keys":[{"id":"Shop","secrets":[]}]}""", "key 1: an id must be")]
    [InlineData("""{"keys":[{"id":"a","roles":["root"],"secrets":[]}]}""", "roles are reader")]
    [InlineData("""{"keys":[{"id":"a","scopes":["*"],"secrets":[]}]}""", "scopes are recommendations:read")]
    [InlineData("""{"keys":[{"id":"a","secrets":[]}]}""", "1 or 2 secrets")]
    [InlineData("""{"keys":[{"id":"a","secrets":[{"salt":"AA==","hash":"AA=="}]}]}""", "salt must be 16 bytes")]
    [InlineData("""{"keys":[{"id":"a","secret":"x"}]}""", "no key document")]
    [InlineData("[]", "no key document")]
    [InlineData("""{"keys":[null]}""", "key 1: neither it nor")]
    [InlineData("""{"keys":[{"id":"a","secrets":[null]}]}""", "key 1: neither it nor")]
    [InlineData("""{"keys":[{"id":"a","roles":[null],"secrets":[]}]}""", "key 1: neither it nor")]
    [InlineData("""{"keys":[{"id":"a","scopes":[null],"secrets":[]}]}""", "key 1: neither it nor")]
    [InlineData("""{"keys":[{"id":"a","surfaces":[null],"secrets":[]}]}""", "key 1: neither it nor")]
    [InlineData("""{"keys":[{"id":"a","isGuestsOnly":true,"scopes":["dead-letters:read"],"secrets":[]}]}""", "key 1: isGuestsOnly binds")]
    [InlineData("""{"keys":[{"id":"a","isGuestsOnly":true,"roles":["operator"],"secrets":[]}]}""", "key 1: isGuestsOnly binds")]
    public void File_that_is_not_sound_is_refused_with_its_error(string json, string error) =>
        Assert.Contains(error, Assert.Throws<FormatException>(() => ApiKeySet.Parse(System.Text.Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_kept_of_a_key_holds_nothing_of_it_and_differs_each_time()
    {
        var (key, kept) = ApiKey.Create("shop");
        var (other, _) = ApiKey.Create("shop");
        Assert.NotEqual(key, other);
        Assert.StartsWith("sk_shop_", key, StringComparison.Ordinal);
        Assert.DoesNotContain(key["sk_shop_".Length..], kept.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ApiKey.Create("shop_1"));
    }

    /// <summary>Made by openssl, as docs/http-api.md says.</summary>
    [Fact]
    public void Key_that_was_made_by_hand_passes()
    {
        const string key = "sk_shop1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        var set = ApiKeySet.Parse(System.Text.Encoding.UTF8.GetBytes("{\"keys\":[{\"id\":\"shop1\",\"roles\":[\"reader\"],\"secrets\":[{\"salt\":\"AAECAwQFBgcICQoLDA0ODw==\",\"hash\":\"RtpQe1ZoR2Ut21QdxCVN2/nhW+n/jg8THdPzU1uQzSQ=\"}]}]}"));
        Assert.Equal("key:shop1", set.Check(key, DateTimeOffset.UnixEpoch).Caller!.Who);
        Assert.Equal("wrong_secret", set.Check(key[..^1] + "9", DateTimeOffset.UnixEpoch).Reason);
    }

    [Fact]
    public void Every_id_of_a_secret_s_characters_is_told_apart()
    {
        // A secret may hold underscores: the id ends at the first.
        for (var i = 0; i < 200; i++)
        {
            var (key, _) = ApiKey.Create("a-1");
            Assert.True(ApiKey.TryParse(key, out var id));
            Assert.Equal("a-1", id);
        }
    }

    [Fact]
    public void Secrets_are_compared_in_constant_time_and_in_no_other_way()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Streaming.Api", "Auth", "ApiKeySet.cs"));
        Assert.Contains("CryptographicOperations.FixedTimeEquals(ApiKey.Hash(", source, StringComparison.Ordinal);
        Assert.DoesNotContain("SequenceEqual", source, StringComparison.Ordinal);
        Assert.DoesNotContain("Hash ==", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_without_a_sound_file_fails()
    {
        var time = new FakeTimeProvider();
        using var log = new LogCapture();
        Assert.Throws<FileNotFoundException>(() => new ApiKeyStore(Path.Combine(Path.GetTempPath(), "streaming-no-such-file.json"), TimeSpan.FromSeconds(1), time, log.CreateLogger("t")));
    }
}
