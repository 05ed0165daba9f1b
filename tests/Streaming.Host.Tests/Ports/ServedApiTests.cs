using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Streaming.Api.Auth;
using Streaming.Core.Shard;
using Streaming.Host.Bench;
using Streaming.Host.Demo;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Engine;
using Streaming.Host.Settings;
using Streaming.Host.Tests.Settings;
using Streaming.Kafka;
using Xunit;

namespace Streaming.Host.Tests.Ports;

/// <summary>The HTTP interface of a whole node: its own server, the in-process cluster, a store. What is waited for is seen, never timed: a slow machine only takes longer.</summary>
public sealed class ServedApiTests : IAsyncDisposable
{
    private const string Salt = "0123456789abcdef0123456789abcdef", Person = "visitor-anna";
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Dictionary<string, string> _keys = [];
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"streaming-keys-{Guid.NewGuid():N}.json");
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(2) };
    private ILoggerFactory? _loggers;
    private DemoParts? _parts;
    private EngineHost? _host;

    public ServedApiTests() => _patience.CancelAfter(TimeSpan.FromMinutes(8));

    private CancellationToken Stop => _patience.Token;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_host is { } host) await host.DisposeAsync();
        _parts?.Dispose();
        _loggers?.Dispose();
        _patience.Dispose();
        File.Delete(_file);
        foreach (var secret in _keys.Values.Append(Salt).Append(Person)) Assert.DoesNotContain(_lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Event_posted_is_in_the_profile_and_the_list_until_the_person_is_erased()
    {
        await StartAsync();
        var view = $$"""{"eventId":"e1","type":"view","userId":"{{Person}}","itemId":"coffee-pourover_kettle-steel","occurredAt":{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}}}""";
        var (status, accepted) = await PostAsync("/v1/events", "writer", view);
        Assert.Equal(HttpStatusCode.Accepted, status);
        var receipt = Assert.Single(accepted.GetProperty("events").EnumerateArray());
        Assert.Equal(Streaming.Core.Events.Murmur2.Partition(Encoding.UTF8.GetBytes(Person), DemoParts.TopicPartitions), receipt.GetProperty("partition").GetInt32());
        Assert.Equal(0, receipt.GetProperty("offset").GetInt64());

        // Sent again it is another record, and the same event.
        (status, accepted) = await PostAsync("/v1/events", "writer", view);
        Assert.Equal((HttpStatusCode.Accepted, 1L), (status, accepted.GetProperty("events")[0].GetProperty("offset").GetInt64()));
        var profile = await UntilAsync("/v1/profiles/query", "privacy-officer", HttpStatusCode.OK, p => p.GetProperty("appliedEvents").GetInt64() >= 2);
        Assert.Equal((1L, "u:" + Person), (profile.GetProperty("eventCount").GetInt64(), profile.GetProperty("key").GetString()));
        Assert.True(profile.TryGetProperty("consent", out _));

        var (listed, list) = await PostAsync("/v1/recommendations/query", "reader", $$"""{"userId":"{{Person}}","count":3}""");
        Assert.Equal((HttpStatusCode.OK, Person, "home"), (listed, list.GetProperty("userId").GetString(), list.GetProperty("surface").GetString()));
        Assert.Equal(3, list.GetProperty("items").GetArrayLength());
        Assert.Equal("2", list.GetProperty("appliedEvents").GetRawText());

        var (erased, paper) = await PostAsync("/v1/privacy/erasures", "privacy-officer", $$"""{"userId":"{{Person}}"}""");
        Assert.Equal((HttpStatusCode.Accepted, 2L), (erased, paper.GetProperty("offset").GetInt64()));
        await UntilAsync("/v1/profiles/query", "privacy-officer", HttpStatusCode.NotFound, _ => true);

        // Both acts and the reads stand in the audit topic, under the salted hash of the receipt and no id.
        var audit = await ReadAsync(_parts!.Engine.Kafka.Topics.Audit, 0, entries => entries.Exists(e => e.Contains("erasures", StringComparison.Ordinal) && e.Contains("\"done\"", StringComparison.Ordinal)));
        var ofErasure = audit.Select(e => JsonElement.Parse(e)).Where(e => e.GetProperty("what").GetString() == "POST /v1/privacy/erasures").ToList();
        Assert.Equal(["begun", "done"], ofErasure.Select(e => e.GetProperty("outcome").GetString()));
        Assert.All(ofErasure, e => Assert.Equal(("key:privacy-officer", paper.GetProperty("subject").GetString()), (e.GetProperty("who").GetString(), e.GetProperty("subject").GetString())));
        foreach (var secret in _keys.Values.Append(Salt).Append(Person)) Assert.DoesNotContain(audit, e => e.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_without_the_right_key_is_answered_and_what_the_engine_cannot_do_is_said()
    {
        await StartAsync();
        const string question = """{"userId":"visitor-anna"}""";
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), await ProblemAsync("/v1/recommendations/query", null, question));
        _keys["guess"] = string.Concat(_keys["reader"].AsSpan(0, _keys["reader"].Length - 43), new string('A', 43));
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), await ProblemAsync("/v1/recommendations/query", "guess", question));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await ProblemAsync("/v1/events", "reader", "{}"));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await ProblemAsync("/v1/privacy/erasures", "reader", question));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await ProblemAsync("/v1/profiles/query", "writer", question));

        Assert.Equal((HttpStatusCode.NotImplemented, "not-served"), await ProblemAsync("/v1/privacy/exports", "privacy-officer", question));
        Assert.Equal((HttpStatusCode.NotImplemented, "not-served"), await ProblemAsync("/v1/models/ranker/use", "operator", "{}"));
        Assert.Equal((HttpStatusCode.NotFound, "no-such-route"), await ProblemAsync("/v1/nothing", "operator", "{}"));
        foreach (var (field, value) in ((string, string)[])[("exclude", "[\"i1\"]"), ("contextItems", "[\"i1\"]"), ("category", "\"c\""), ("pageToken", "\"t\""), ("surface", "\"basket\"")])
        {
            var (status, problem) = await PostAsync("/v1/recommendations/query", "reader", $$"""{"userId":"visitor-anna","{{field}}":{{value}}}""");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, field), (status, problem.GetProperty("field").GetString()));
        }

        // Its own token opens nothing here, and the document lists what is served alone.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.Authorization = new("Bearer", _keys["reader"]);
        using var answer = await _client.SendAsync(request, Stop);
        var paths = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop)).GetProperty("paths").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["/openapi/v1.json", "/v1/events", "/v1/pause", "/v1/privacy/erasures", "/v1/profiles/query", "/v1/recommendations/batch", "/v1/recommendations/query"], paths);
    }

    [Fact]
    public async Task Pause_reaches_every_shard_and_holds_lists_back_until_it_ends()
    {
        await StartAsync();
        const string question = """{"userId":"visitor-anna"}""";
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/recommendations/query", "reader", question)).Status);
        var (status, state) = await SendAsync(HttpMethod.Put, "/v1/pause", "operator", """{"isPaused":true,"reason":"prices are wrong"}""");
        Assert.Equal((HttpStatusCode.OK, true), (status, state.GetProperty("isPaused").GetBoolean()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await ProblemAsync("/v1/recommendations/query", "reader", question));
        (_, var again) = await SendAsync(HttpMethod.Put, "/v1/pause", "operator", """{"isPaused":true,"reason":"still"}""");
        Assert.Equal(state.GetRawText(), again.GetRawText());
        (_, var read) = await SendAsync(HttpMethod.Get, "/v1/pause", "operator", null);
        Assert.Equal(state.GetRawText(), read.GetRawText());

        // Each shard has taken both topics into its log.
        var topics = _parts!.Engine.Kafka.Topics;
        for (var p = 0; p < DemoParts.TopicPartitions; p++)
        {
            await ReadAsync(topics.Control, p, records => ((string[])[topics.Recommendations, topics.ChurnAlerts]).All(topic => records.Exists(r =>
                JsonElement.Parse(r) is var record && record.TryGetProperty("facts", out var facts) && facts.EnumerateArray().Any(f => f.GetProperty("type").GetString() == "pause" && f.GetProperty("value").GetString() == topic))));
        }

        (status, state) = await SendAsync(HttpMethod.Put, "/v1/pause", "operator", """{"isPaused":false,"reason":"put right"}""");
        Assert.Equal((HttpStatusCode.OK, false), (status, state.GetProperty("isPaused").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/recommendations/query", "reader", question)).Status);
    }

    [Fact]
    public async Task Demo_answers_this_machine_without_a_key_and_says_so()
    {
        using var error = new Lines();
        var settings = SettingsSnapshot.Load(SettingsSources.Build(null, [new("Consent", "granted"), new("Http:Port", "0"), new("Api:Auth:AllowLoopbackWithoutKey", "true"), new("Api:Privacy:HashSalt", Salt)], new Dictionary<string, string>()), SettingsCatalog.OfDemo);
        Assert.Empty(settings.Errors);
        var isOver = false;
        var demo = new DemoRun(settings, new ShopOptions(), error, isTerminal: false).RunAsync(false, _ => Volatile.Read(ref isOver), Stop);
        Assert.NotSame(demo, await Task.WhenAny(error.ApiLine, demo));
        var line = await error.ApiLine;
        Assert.Contains("/openapi/v1.json its OpenAPI document: authentication is off, because only this machine is answered", line, StringComparison.Ordinal);
        _client.BaseAddress = new Uri(line.Split(' ')[0][..^"/v1".Length]);
        var (status, list) = await PostAsync("/v1/recommendations/query", null, """{"anonymousId":"visitor-1"}""");
        Assert.Equal((HttpStatusCode.OK, "visitor-1"), (status, list.GetProperty("anonymousId").GetString()));
        (status, _) = await SendAsync(HttpMethod.Get, "/openapi/v1.json", null, null);
        Assert.Equal(HttpStatusCode.OK, status);
        using var node = await _client.GetAsync("/status", Stop);
        Assert.Equal("/openapi/v1.json", JsonElement.Parse(await node.Content.ReadAsStringAsync(Stop)).GetProperty("api").GetProperty("openApi").GetString());
        Volatile.Write(ref isOver, true);
        await demo;
    }

    private async Task StartAsync()
    {
        foreach (var (id, role) in ((string, string)[])[("reader", ApiRoles.Reader), ("writer", ApiRoles.Writer), ("operator", ApiRoles.Operator), ("privacy-officer", ApiRoles.PrivacyOfficer)])
        {
            var (key, kept) = ApiKey.Create(id);
            _keys[id] = key;
            ApiKeyFile.Add(_file, new ApiKeyEntry { Id = id, Roles = [role], Secrets = [kept] });
        }

        var settings = SettingsTests.Load(("Consent", "granted"), ("Http:Port", "0"), ("Kafka:FetchWaitMs", "5"), ("Api:Auth:KeysFile", _file), ("Api:Privacy:HashSalt", Salt));
        Assert.Empty(settings.Errors);
        _loggers = Logging.To(_lines.Enqueue, LogLevel.Trace);
        _parts = new DemoParts(settings, _loggers);
        var kafka = _parts.Engine.Kafka;
        await using (var writer = new KafkaEventWriter(kafka, _loggers.CreateLogger<KafkaEventWriter>()))
            await new UserHistory(writer, kafka.Topics, DemoParts.TopicPartitions, TimeProvider.System).WriteItemsAsync(Stop);
        _host = new EngineHost(_parts.Engine);
        await _host.StartAsync(null, Stop);
        _client.BaseAddress = _host.Address;
        while (_host.Readiness().Any(c => !c.IsReady)) await Task.Delay(50, Stop);
    }

    private async Task<JsonElement> UntilAsync(string path, string key, HttpStatusCode status, Func<JsonElement, bool> holds)
    {
        while (true)
        {
            var (came, body) = await PostAsync(path, key, $$"""{"userId":"{{Person}}"}""");
            if (came == status && holds(body)) return body;
            await Task.Delay(50, Stop);
        }
    }

    private async Task<(HttpStatusCode Status, string Kind)> ProblemAsync(string path, string? key, string body)
    {
        var (status, problem) = await PostAsync(path, key, body);
        return (status, problem.GetProperty("type").GetString()!["urn:streaming:problem:".Length..]);
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string? key, string body) => SendAsync(HttpMethod.Post, path, key, body);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? key, string? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Authorization = new("Bearer", _keys[key]);
        using var answer = await _client.SendAsync(request, Stop);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
    }

    // Reads a partition from its start until enough is there.
    private async Task<List<string>> ReadAsync(string topic, int partition, Func<List<string>, bool> isEnough)
    {
        await using var reader = await KafkaTopicReader.OpenAsync(_parts!.Engine.Kafka, topic, [partition], null, _loggers!.CreateLogger<KafkaTopicReader>(), Stop);
        var (batch, values) = (new RecordBatch(), new List<string>());
        while (!isEnough(values))
        {
            if (await reader.ReadAsync(batch, 100, TimeSpan.FromMilliseconds(200), Stop) < 0) continue;
            for (var i = 0; i < batch.Count; i++) values.Add(Encoding.UTF8.GetString(batch.Value(batch.Records[i])));
        }

        return values;
    }

    private sealed class Lines : StringWriter
    {
        private readonly TaskCompletionSource<string> _api = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> ApiLine => _api.Task;

        public override Task WriteLineAsync(string? value)
        {
            if (value?.Contains("/v1 is the HTTP interface", StringComparison.Ordinal) == true) _api.TrySetResult(value);
            return Task.CompletedTask;
        }
    }
}
