using System.Net;
using System.Text;
using System.Text.Json;
using Streaming.Host.Demo;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Tests.Settings;
using Xunit;

namespace Streaming.Host.Tests.Demo.Storefront;

/// <summary>A person in the shop of a whole demo: what they do goes through its Kafka, and what they get was read from there. Nothing is held to a time: a slow machine only takes longer.</summary>
public sealed class ShopRunTests : IDisposable
{
    private const string Item = "coffee-pourover_kettle-steel";
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private string? _after;

    public void Dispose()
    {
        _client.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Shop_what_a_visitor_does_comes_back_from_kafka_as_lists_that_answer_it()
    {
        _patience.CancelAfter(TimeSpan.FromMinutes(5));
        using var error = new FirstAddress();
        var settings = SettingsTests.Load(("Consent", "granted"), ("Http:Port", "0"), ("Fold:SessionGap", "45s"));
        var isOver = false;
        var demo = new DemoRun(settings, new ShopOptions(), error, isTerminal: false).RunAsync(false, _ => Volatile.Read(ref isOver), _patience.Token);
        Assert.NotSame(demo, await Task.WhenAny(error.Address, demo));
        _client.BaseAddress = new Uri(await error.Address);

        // A guest: the first list is asked for, the next was read from the topic and answers the view.
        Assert.Equal("query", (await NextAsync("visitor-1")).GetProperty("from").GetString());
        var viewed = await AnsweredAsync("visitor-1", await SendAsync($$"""{"visitor":"visitor-1","type":"view","itemId":"{{Item}}"}"""));
        Assert.Equal("topic", viewed.GetProperty("from").GetString());
        Assert.NotEmpty(viewed.GetProperty("items").EnumerateArray());

        // What the shop does not sell never gets to the engine.
        using (var refused = await PostAsync("""{"visitor":"visitor-1","type":"view","itemId":"nothing-like-that"}""")) Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await AnsweredAsync("visitor-1", await SendAsync($$"""{"visitor":"visitor-1","type":"click","itemId":"{{Item}}","recommendationId":"{{_after}}","position":1}"""));
        var profile = await ProfileAsync("visitor-1", isGuest: true);
        Assert.Equal(2, profile.GetProperty("eventCount").GetInt64());
        Assert.Equal("All", profile.GetProperty("consent").GetString());

        // Without consent the lists are anybody's.
        var anybodys = await AnsweredAsync("visitor-1", await SendAsync("""{"visitor":"visitor-1","type":"consent","consent":{"personalise":false}}"""));
        Assert.Equal("Market, Measure", (await ProfileAsync("visitor-1", isGuest: true)).GetProperty("consent").GetString());
        Assert.All(anybodys.GetProperty("items").EnumerateArray(), item => Assert.Contains(item.GetProperty("reason").GetString(), (string[])["popular_now", "trending_now"]));

        // A login: what the guest does from then on is the user's.
        await AnsweredAsync("visitor-1", await SendAsync("""{"visitor":"visitor-1","user":"somebody-new","type":"identify"}"""));
        Assert.Equal("u:somebody-new", (await ProfileAsync("visitor-1", isGuest: true)).GetProperty("linkedTo").GetString());
        _after = "none";
        var bought = await AnsweredAsync("somebody-new", await SendAsync($$"""{"visitor":"visitor-1","user":"somebody-new","type":"purchase","itemId":"{{Item}}","quantity":2}"""), isGuest: false);
        Assert.Equal("topic", bought.GetProperty("from").GetString());
        Assert.Equal(1, (await ProfileAsync("somebody-new", isGuest: false)).GetProperty("occasions").GetInt32());

        Volatile.Write(ref isOver, true);
        await demo;
        Assert.False(_patience.IsCancellationRequested);
    }

    // Lists come until one answers the event; which one does is the shop's to say.
    private async Task<JsonElement> AnsweredAsync(string visitor, string eventId, bool isGuest = true)
    {
        while (true)
        {
            var list = await NextAsync(visitor, isGuest);
            var traced = list.GetProperty("events").EnumerateArray().Single(e => e.GetProperty("eventId").GetString() == eventId);
            if (traced.TryGetProperty("recommendationId", out _)) return list;
        }
    }

    private async Task<JsonElement> NextAsync(string visitor, bool isGuest = true)
    {
        while (true)
        {
            using var answer = await _client.GetAsync($"/shop/lists/{visitor}?guest={isGuest}" + (_after is null ? "" : "&after=" + _after), _patience.Token);
            if (answer.StatusCode == HttpStatusCode.NoContent) continue;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var list = await JsonAsync(answer);
            _after = list.GetProperty("recommendationId").GetString();
            return list;
        }
    }

    private async Task<string> SendAsync(string body)
    {
        using var answer = await PostAsync(body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_patience.Token));
        return (await JsonAsync(answer)).GetProperty("eventId").GetString()!;
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.PostAsync("/shop/events", content, _patience.Token);
    }

    private async Task<JsonElement> ProfileAsync(string id, bool isGuest)
    {
        using var answer = await _client.GetAsync($"/users/{id}?guest={isGuest}", _patience.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await JsonAsync(answer);
    }

    private async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(_patience.Token)).RootElement;

    // The demo says where it answers in its first line.
    private sealed class FirstAddress : StringWriter
    {
        private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Address => _address.Task;

        public override Task WriteLineAsync(string? value)
        {
            if (value?.StartsWith("http://", StringComparison.Ordinal) == true) _address.TrySetResult(value.Split(' ')[0]);
            return Task.CompletedTask;
        }
    }
}
