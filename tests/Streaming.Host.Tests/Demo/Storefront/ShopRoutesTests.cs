using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Demo.Storefront;
using Streaming.Host.Http;
using Streaming.Host.Settings;
using Streaming.Host.Tests.Http;
using Xunit;

namespace Streaming.Host.Tests.Demo.Storefront;

/// <summary>The routes before an engine of a test's own; a writer in the place of Kafka's acknowledges whatever is handed to it.</summary>
public sealed class ShopRoutesTests : IAsyncLifetime
{
    private const string View = """{"visitor":"visitor-1","type":"view","itemId":"coffee-pourover_kettle-steel"}""";
    private readonly FakeEngine _engine = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ShopFront _front;
    private readonly List<ShopRecord> _written = [];
    private readonly HttpClient _client = new();
    private readonly CancellationTokenSource _stop = new();
    private EngineHttpServer _server = null!;
    private Task _writer = Task.CompletedTask;
    private long _now = 1_800_000_000_000;

    public ShopRoutesTests() => _front = new ShopFront(new ShopTraffic(new ShopOptions()), _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await EngineHttpServer.StartAsync(new HttpOptions { Port = 0 }, _engine, NullLoggerFactory.Instance, null, routes => _front.Map(routes, _engine, TimeSpan.FromMinutes(1)), Cancellation);
        _client.BaseAddress = _server.Address;
        _writer = WriteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writer;
        _client.Dispose();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Page_comes_from_the_program_and_lets_nothing_in_from_elsewhere()
    {
        var page = await _client.GetAsync("/shop", Cancellation);
        var html = await page.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("src=\"/shop/shop.js\"", html, StringComparison.Ordinal);
        var script = await _client.GetStringAsync("/shop/shop.js", Cancellation);
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html + script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Products_are_those_of_the_shop_and_each_kind_has_a_picture_of_its_own_in_the_script()
    {
        using var shop = JsonDocument.Parse(await _client.GetStringAsync("/shop/products", Cancellation));
        var products = shop.RootElement.GetProperty("products").EnumerateArray().ToArray();
        Assert.Equal(new Catalogue(1).Products.Count, products.Length);
        Assert.Equal(new Catalogue(1).Categories, shop.RootElement.GetProperty("categories").EnumerateArray().Select(c => c.GetProperty("id").GetString()!));
        var script = await _client.GetStringAsync("/shop/shop.js", Cancellation);
        var kinds = products.Where(p => !p.GetProperty("category").GetString()!.StartsWith("Books", StringComparison.Ordinal)).Select(p => p.GetProperty("group").GetString()!.Split('-', 2)[1]).Distinct();
        Assert.DoesNotContain(kinds, kind => !script.Contains(kind + ":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_is_answered_once_it_is_acknowledged_and_is_what_the_engine_reads()
    {
        using var answer = await PostAsync(View);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        var record = Assert.Single(_written);
        using var json = JsonDocument.Parse(record.Value);
        Assert.Equal("visitor-1", record.Key);
        Assert.Equal(said.RootElement.GetProperty("eventId").GetString(), json.RootElement.GetProperty("eventId").GetString());
        Assert.Equal("visitor-1", json.RootElement.GetProperty("anonymousId").GetString());
        Assert.Equal("view", json.RootElement.GetProperty("type").GetString());
        Assert.True(said.RootElement.GetProperty("acknowledgedAfterMs").GetInt64() >= 0);
    }

    [Fact]
    public async Task Who_is_logged_in_writes_under_their_own_id_and_the_login_under_the_guest_s()
    {
        (await PostAsync("""{"visitor":"visitor-1","user":"anna","type":"identify"}""")).Dispose();
        (await PostAsync("""{"visitor":"visitor-1","user":"anna","type":"purchase","itemId":"coffee-pourover_kettle-steel","quantity":2}""")).Dispose();
        Assert.Equal(["visitor-1", "anna"], _written.Select(r => r.Key));
        using var purchase = JsonDocument.Parse(_written[1].Value);
        Assert.Equal("anna", purchase.RootElement.GetProperty("userId").GetString());
        Assert.Equal(2, purchase.RootElement.GetProperty("quantity").GetInt32());
        Assert.True(purchase.RootElement.GetProperty("unitPrice").GetDecimal() > 0);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json-patch+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused(string? type) => await RefusedAsync(HttpStatusCode.UnsupportedMediaType, View, request => request.Content!.Headers.TryAddWithoutValidation("Content-Type", type ?? ""));

    [Theory]
    [InlineData("Origin", "https://shop.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task Another_site_is_refused(string header, string value) => await RefusedAsync(HttpStatusCode.Forbidden, View, request => AsJson(request).Headers.TryAddWithoutValidation(header, value));

    [Fact]
    public async Task Name_of_another_site_is_refused()
    {
        using var request = AsJson(new HttpRequestMessage(HttpMethod.Post, "/shop/events") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(View)) });
        request.Headers.Host = "shop.example";
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(_written);
    }

    [Fact]
    public async Task The_own_page_is_let_in()
    {
        using var request = AsJson(new HttpRequestMessage(HttpMethod.Post, "/shop/events") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(View)) });
        request.Headers.TryAddWithoutValidation("Origin", _server.Address.GetLeftPart(UriPartial.Authority));
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused_also_where_no_length_was_told(bool isLengthTold) => await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, View + new string(' ', 5000), request =>
    {
        AsJson(request);
        if (!isLengthTold) request.Headers.TransferEncodingChunked = true;
    });

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"visitor\":\"visitor-1\",\"type\":\"view\",\"itemId\":")]
    [InlineData("""{"visitor":"visitor-1","type":"view","itemId":"coffee-pourover_kettle-steel","more":1}""")]
    [InlineData("""{"visitor":"visitor-1","type":"view","type":"click","itemId":"coffee-pourover_kettle-steel"}""")]
    [InlineData("""{"visitor":null,"type":"view","itemId":"coffee-pourover_kettle-steel"}""")]
    [InlineData("""{"type":"view","itemId":"coffee-pourover_kettle-steel"}""")]
    [InlineData("""{"visitor":"visitor-1","type":"purchase","itemId":"coffee-pourover_kettle-steel","quantity":"2"}""")]
    [InlineData("""{"visitor":"visitor-1","type":"view","itemId":"nothing-like-that"}""")]
    [InlineData("""{"visitor":"../../users","type":"view","itemId":"coffee-pourover_kettle-steel"}""")]
    public async Task What_is_no_event_of_the_shop_is_refused(string body) => await RefusedAsync(HttpStatusCode.BadRequest, body, request => AsJson(request));

    [Fact]
    public async Task A_visitor_in_haste_is_held_off_and_another_is_not()
    {
        var answers = new List<HttpStatusCode>();
        while (!answers.Contains(HttpStatusCode.TooManyRequests) && answers.Count < 1000) answers.Add(await StatusAsync(View));
        Assert.InRange(answers.Count, 2, 100);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.All(answers[..^1], status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(answers.Count - 1, _written.Count);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(View.Replace("visitor-1", "visitor-2", StringComparison.Ordinal)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(View));
    }

    [Fact]
    public async Task A_list_is_asked_of_the_engine_once_and_read_from_the_topic_after_that()
    {
        _engine.Lists["a:visitor-1"] = new UserLookup(UserLookupOutcome.Unknown, """{"recommendationId":"q-1","anonymousId":"visitor-1","surface":"home","items":[{"itemId":"i","rank":1,"score":1,"source":"popular","reason":"popular_now"}],"appliedEvents":1,"occurredAt":1,"emittedAt":1,"degraded":"unknown_user"}"""u8.ToArray());
        var first = await ListAsync("visitor-1?guest=true");
        Assert.Equal(("query", "q-1", "unknown_user"), (Text(first, "from"), Text(first, "recommendationId"), Text(first, "degraded")));
        var waiting = ListAsync("visitor-1?guest=true&after=q-1");
        (await PostAsync(View)).Dispose();
        _front.Visitors.Listed(List("visitor-1", "r-1"), 5);
        var second = await waiting;
        Assert.Equal(("topic", "r-1"), (Text(second, "from"), Text(second, "recommendationId")));
        Assert.Equal("because viewed i1", Text(second.GetProperty("items")[0], "words"));
        Assert.Equal("r-1", Text(Assert.Single(second.GetProperty("events").EnumerateArray()), "recommendationId"));
        Assert.Equal("topic", Text(await ListAsync("visitor-1"), "from"));
        Assert.Single(_engine.Lengths);
    }

    [Theory]
    [InlineData("/shop/lists/x")]
    [InlineData("/shop/lists/..%2F..%2Fusers")]
    [InlineData("/shop/lists/visitor%0A1")]
    [InlineData("/shop/lists/visitor-1%00")]
    [InlineData("/shop/lists/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/shop/lists/-anna?guest=false")]
    [InlineData("/shop/lists/visitor-1?guest=perhaps")]
    public async Task Lists_of_hostile_ids_are_refused_and_nobody_is_asked(string path)
    {
        using var answer = await _client.GetAsync(path, Cancellation);
        Assert.InRange((int)answer.StatusCode, 400, 404);
        Assert.Empty(_engine.Lengths);
        Assert.Equal(0, _front.Visitors.Count);
    }

    [Fact]
    public async Task Lists_are_not_for_other_sites()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/shop/lists/visitor-1");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(0, _front.Visitors.Count);
    }

    [Fact]
    public async Task Visitors_remembered_are_bounded()
    {
        for (var i = 0; i < ShopVisitors.Most + 20; i++)
        {
            _engine.Lists[$"a:visitor-{i}"] = new UserLookup(UserLookupOutcome.Unknown, """{"recommendationId":"q-1","items":[],"occurredAt":1}"""u8.ToArray());
            await ListAsync($"visitor-{i}");
        }

        Assert.Equal(ShopVisitors.Most, _front.Visitors.Count);
    }

    [Fact]
    public async Task A_page_that_waits_does_not_keep_the_server_from_ending()
    {
        var front = new ShopFront(new ShopTraffic(new ShopOptions()), _time);
        var server = await EngineHttpServer.StartAsync(new HttpOptions { Port = 0 }, _engine, NullLoggerFactory.Instance, null, routes => front.Map(routes, _engine, TimeSpan.FromMinutes(1)), Cancellation);
        var waiting = _client.GetAsync(new Uri(server.Address, "/shop/lists/visitor-1?after=q-1"), Cancellation);
        while (front.Visitors.Count == 0) await Task.Delay(5, Cancellation);
        await server.DisposeAsync();
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact]
    public async Task A_shop_that_closed_takes_nothing_more()
    {
        await _stop.CancelAsync();
        await _writer;
        _front.Queue.Close();
        using var answer = await PostAsync(View);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Empty(_written);
    }

    private async Task RefusedAsync(HttpStatusCode expected, string body, Action<HttpRequestMessage> prepare)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/shop/events") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        prepare(request);
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.NotEmpty(problem.RootElement.GetProperty("detail").GetString()!);
        Assert.Empty(_written);
    }

    private static HttpRequestMessage AsJson(HttpRequestMessage request)
    {
        request.Content!.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        return request;
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.PostAsync("/shop/events", content, Cancellation);
    }

    private async Task<HttpStatusCode> StatusAsync(string body)
    {
        using var answer = await PostAsync(body);
        return answer.StatusCode;
    }

    private async Task<JsonElement> ListAsync(string rest)
    {
        using var answer = await _client.GetAsync("/shop/lists/" + rest, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private Recommendation List(string guest, string id) => new()
    {
        RecommendationId = id,
        AnonymousId = guest,
        Surface = "home",
        Items = [new RecommendedItem("i2", 1, 1, "covisit_view", "because_viewed", "i1")],
        SourcePartition = 0,
        SourceOffset = 1,
        OccurredAt = _now,
        EmittedAt = _now,
    };

    private async Task WriteAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            while (_front.Queue.TryTake(out var visitorEvent))
            {
                _written.Add(visitorEvent.Write(++_now));
                visitorEvent.Acknowledge();
            }

            await Task.Delay(2, CancellationToken.None);
        }
    }
}
