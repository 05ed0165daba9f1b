using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core;
using Streaming.Host.Http;
using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Http;

public sealed class EngineHttpServerTests : IAsyncLifetime
{
    private readonly FakeEngine _engine = new();
    private readonly HttpClient _client = new();
    private EngineHttpServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await EngineHttpServer.StartAsync(new HttpOptions { Port = 0 }, _engine, NullLoggerFactory.Instance, null, null, TestContext.Current.CancellationToken);
        _client.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public void Server_by_default_listens_on_this_machine_only() => Assert.Equal("127.0.0.1", _server.Address.Host);

    [Fact]
    public async Task Live_engine_not_ready_is_alive()
    {
        _engine.Checks.Add(new ReadinessCheck("shards", false, "taking over"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Ready_every_check_holds_answers_200()
    {
        var answer = await GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((await JsonAsync(answer)).GetProperty("isReady").GetBoolean());
    }

    [Fact]
    public async Task Ready_one_check_fails_answers_503_and_says_which()
    {
        _engine.Checks.Add(new ReadinessCheck("shards", false, "2 of 4 have taken over"));
        var answer = await GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains((await JsonAsync(answer)).GetProperty("checks").EnumerateArray(), c => c.GetProperty("name").GetString() == "shards" && !c.GetProperty("isReady").GetBoolean());
    }

    [Fact]
    public async Task Status_shows_the_shards_of_the_node()
    {
        var status = await JsonAsync(await GetAsync("/status"));
        var shard = Assert.Single(status.GetProperty("shards").EnumerateArray());
        Assert.Equal("running", shard.GetProperty("status").GetProperty("phase").GetString());
        Assert.Equal(5, shard.GetProperty("status").GetProperty("committed").GetProperty("events").GetInt64());
    }

    [Theory]
    [InlineData("u:anna", "/users/anna", HttpStatusCode.OK)]
    [InlineData("a:anna", "/users/anna", HttpStatusCode.OK)]
    [InlineData("a:anna", "/users/anna?guest=false", HttpStatusCode.NotFound)]
    [InlineData("u:anna", "/users/anna?guest=true", HttpStatusCode.NotFound)]
    [InlineData("u:a b/c", "/users/a%20b%2Fc", HttpStatusCode.OK)]
    [InlineData("u:anna", "/users/ben", HttpStatusCode.NotFound)]
    public async Task Users_known_or_guest_is_found_by_id(string key, string path, HttpStatusCode expected)
    {
        _engine.Users[key] = new UserLookup(UserLookupOutcome.Found, "{\"key\":1}"u8.ToArray());
        Assert.Equal(expected, (await GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Users_incomplete_profile_is_answered_503_and_says_why()
    {
        _engine.Users["u:anna"] = new UserLookup(UserLookupOutcome.Found, """{"key":"u:anna","counts":{"degraded":1},"eventCount":0,"degraded":true}"""u8.ToArray());
        _engine.Users["u:ben"] = new UserLookup(UserLookupOutcome.Found, """{"key":"u:ben","counts":{"degraded":1},"degraded":false}"""u8.ToArray());
        var answer = await GetAsync("/users/anna");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("\"degraded\":true", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/users/ben")).StatusCode);
    }

    [Fact]
    public async Task Users_shard_not_running_answers_503()
    {
        _engine.Users["u:anna"] = new UserLookup(UserLookupOutcome.Unavailable, default);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/users/anna")).StatusCode);
    }

    [Theory]
    [InlineData("u:anna", "/recommendations/anna", true)]
    [InlineData("a:anna", "/recommendations/anna", true)]
    [InlineData("a:anna", "/recommendations/anna?guest=false", false)]
    [InlineData("u:anna", "/recommendations/anna?guest=true", false)]
    [InlineData("u:a b/c", "/recommendations/a%20b%2Fc?count=5", true)]
    [InlineData("u:anna", "/recommendations/ben", false)]
    public async Task Recommendations_who_is_unknown_gets_what_anybody_would_get(string key, string path, bool isTheirs)
    {
        _engine.Lists[key] = new UserLookup(UserLookupOutcome.Found, "\"theirs\""u8.ToArray());
        var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(isTheirs ? "\"theirs\"" : "\"anybody's\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.All(_engine.Lengths, length => Assert.Equal(path.EndsWith("count=5", StringComparison.Ordinal) ? 5 : 0, length));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("many")]
    public async Task Recommendations_of_an_impossible_number_are_refused(string count)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync($"/recommendations/anna?count={count}")).StatusCode);
        Assert.Empty(_engine.Lengths);
    }

    [Fact]
    public async Task Recommendations_shard_not_running_answers_503_and_one_too_slow_504()
    {
        _engine.Lists["u:anna"] = new UserLookup(UserLookupOutcome.Unavailable, default);
        _engine.Lists["u:ben"] = new UserLookup(UserLookupOutcome.TimedOut, default);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/recommendations/anna")).StatusCode);
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await GetAsync("/recommendations/ben")).StatusCode);
    }

    [Fact]
    public async Task Metrics_publishes_the_engines_instruments_under_their_own_names()
    {
        EngineMeter.Meter.CreateCounter<long>("streaming_http_test_total").Add(2);
        var text = await (await GetAsync("/metrics")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\nstreaming_http_test_total 2\n", text);
        Assert.Contains("process_cpu_seconds_total", text);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }
}
