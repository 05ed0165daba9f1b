using System.Net;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Routes;
using Streaming.Api.Settings;
using Streaming.Api.Tests.Support;
using Streaming.Api.Wire;

namespace Streaming.Api.Tests.Http;

/// <summary>What holds for every route: headers, rates, origins, paths.</summary>
public sealed class GateTests
{
    private const string Query = """{"userId":"visitor-1"}""", List = "/v1/recommendations/query";

    [Fact]
    public async Task Every_answer_has_the_headers_of_one_that_is_no_page()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        foreach (var answer in (ApiAnswer[])[await server.PostAsync(List, key, Query), await server.PostAsync(List, null, Query), await server.GetAsync("/v1/no", key), await server.GetAsync("/openapi/v1.json", key)])
        {
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            Assert.Equal("DENY", answer.Headers["X-Frame-Options"]);
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers["Content-Security-Policy"]);
            Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"]);
            Assert.Matches("^[0-9a-f]{32}$", answer.Headers["X-Request-Id"]);
            Assert.Contains("Cache-Control", answer.Headers.Keys);
            Assert.DoesNotContain("Strict-Transport-Security", answer.Headers.Keys);
        }
    }

    [Fact]
    public void Transport_security_is_said_over_tls_alone()
    {
        var context = new DefaultHttpContext();
        context.Request.Scheme = "https";
        SecurityHeaders.Set(context, "r", new BrowserOptions());
        Assert.Equal("max-age=31536000", context.Response.Headers.StrictTransportSecurity);
        var plain = new DefaultHttpContext();
        SecurityHeaders.Set(plain, "r", new BrowserOptions());
        Assert.Equal(0, plain.Response.Headers.StrictTransportSecurity.Count);
    }

    [Fact]
    public async Task Paths_and_methods_that_are_not_there_are_told_to_the_known_alone()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        foreach (var path in (string[])["/v1", "/v1/", "/v1/no/such", "/v1/models//use", "/openapi/v2.json"])
        {
            server.AssertRefused(await server.GetAsync(path, key), HttpStatusCode.NotFound, "no-such-route");
            server.AssertRefused(await server.GetAsync(path, null), HttpStatusCode.Unauthorized, "unauthenticated");
        }

        var answer = await server.GetAsync(List, key);
        server.AssertRefused(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal("POST", answer.Headers["Allow"]);
        server.AssertRefused(await server.SendAsync(HttpMethod.Delete, "/v1/models/ranker/use", key), HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }

    [Fact]
    public async Task Route_without_its_port_is_not_served_and_not_in_the_document()
    {
        await using var server = await ApiServer.StartAsync(ports: p => new ApiPorts { Audit = p.Audit, Recommend = p.Recommend });
        Assert.Equal(HttpStatusCode.NotImplemented, (await server.PostAsync("/v1/events", server.Key(ApiRoles.Writer), "{}")).Status);
        var document = System.Text.Json.JsonDocument.Parse(server.OpenApi).RootElement;
        Assert.Equal([List, "/v1/recommendations/batch", "/openapi/v1.json"], document.GetProperty("paths").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Rate_of_a_caller_is_its_own()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Rates = o.Rates with { KeyPerMinute = 1, KeyBurst = 2 }, Limits = o.Limits with { MaxQueries = 2 } });
        var (one, other) = (server.Key(ApiRoles.Reader), server.Key(ApiRoles.Reader));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, one, Query)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, one, Query)).Status);
        var answer = await server.PostAsync(List, one, Query);
        server.AssertRefused(answer, HttpStatusCode.TooManyRequests, "rate-limited", "caller_rate");
        Assert.InRange(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, other, Query)).Status);
    }

    [Fact]
    public async Task Batch_counts_as_its_questions()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Rates = o.Rates with { KeyPerMinute = 1, KeyBurst = 4 }, Limits = o.Limits with { MaxQueries = 4 } });
        var key = server.Key(ApiRoles.Reader);
        const string three = "{\"queries\":[{\"userId\":\"visitor-1\"},{\"userId\":\"visitor-2\"},{\"userId\":\"visitor-3\"}]}";
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/recommendations/batch", key, three)).Status);
        server.AssertRefused(await server.PostAsync("/v1/recommendations/batch", key, three), HttpStatusCode.TooManyRequests, "rate-limited", "caller_rate");
        Assert.Equal(3, server.Engine.Recommended.Count);
        Assert.Contains(new ApiOptions { Rates = new RateOptions { KeyBurst = 49 } }.Validate(), e => e.Contains("MaxQueries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Route_whose_port_the_host_lacks_is_501_for_callers_and_any_other_404()
    {
        var paths = ApiRouteTable.Build(new FakePorts().All(), Environments.Default()).All.Select(r => r.Pattern).Distinct().ToList();
        Assert.Equal(paths.Order(), ApiRouteTable.Patterns.Order());
        await using var server = await ApiServer.StartAsync(ports: all => new ApiPorts { Audit = all.Audit });
        var key = server.Key(ApiRoles.Reader);
        foreach (var path in paths.Where(p => p != "/openapi/v1.json"))
        {
            var answer = await server.PostAsync(path.Replace("{name}", "ranker", StringComparison.Ordinal), key, "{}");
            Assert.Equal((HttpStatusCode.NotImplemented, "urn:streaming:problem:not-served"), (answer.Status, answer.Problem.Type));
        }

        server.AssertRefused(await server.PostAsync("/v1/models/ranker", key, "{}"), HttpStatusCode.NotFound, "no-such-route");
        server.AssertRefused(await server.PostAsync("/v1/rerank", null, "{}"), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Events_count_one_by_one()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Rates = o.Rates with { EventsPerMinute = 1, EventsBurst = 4 }, Limits = o.Limits with { MaxEvents = 3 } });
        var (one, other) = (server.Key(ApiRoles.Writer), server.Key(ApiRoles.Writer));
        var three = $"[{string.Join(",", Enumerable.Range(0, 3).Select(i => Events.EventIntakeTests.View("visitor-1", $"e{i}")))}]";
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync("/v1/events", one, three)).Status);
        server.AssertRefused(await server.PostAsync("/v1/events", one, three), HttpStatusCode.TooManyRequests, "rate-limited", "events_rate");
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync("/v1/events", other, three)).Status);
        Assert.Equal(6, server.Engine.Written.Count);
        Assert.StartsWith("Limits:MaxEvents must", Assert.Single(new ApiOptions { Rates = new RateOptions { EventsBurst = 999 } }.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Bucket_that_holds_less_than_comes_in_is_no_setting()
    {
        Assert.StartsWith("KeyBurst must", Assert.Single(new RateOptions { KeyPerMinute = 600_000, KeyBurst = 999 }.Validate()), StringComparison.Ordinal);
        Assert.StartsWith("AddressBurst must", Assert.Single(new RateOptions { AddressPerMinute = 600_000, AddressBurst = 999 }.Validate()), StringComparison.Ordinal);
        Assert.StartsWith("EventsBurst must", Assert.Single(new RateOptions { EventsPerMinute = 600_000, EventsBurst = 999 }.Validate()), StringComparison.Ordinal);
        Assert.Empty(new RateOptions { KeyPerMinute = 600_000, KeyBurst = 1000 }.Validate());
    }

    [Theory]
    [InlineData(16_000_000L, 16_777_216, 65_536)]
    [InlineData(null, 16_777_216, 65_536)]
    [InlineData(10L, 1024, 11)]
    [InlineData(null, 1024, 1025)]
    public void Room_for_a_body_follows_what_came_and_not_what_was_claimed(long? claimed, int limit, int room) => Assert.Equal(room, BodyReader.FirstRoom(claimed, limit));

    [Fact]
    public async Task Rate_of_an_address_bounds_guesses_and_a_flood_is_none_of_the_audit_log()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Rates = o.Rates with { AddressPerMinute = 1, AddressBurst = 3 } });
        for (var i = 0; i < 3; i++) server.AssertRefused(await server.PostAsync(List, "sk_reader_guess", Query), HttpStatusCode.Unauthorized, "unauthenticated");
        server.AssertRefused(await server.PostAsync(List, server.Key(ApiRoles.Reader), Query), HttpStatusCode.TooManyRequests, "rate-limited", "address_rate");
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.TooManyRequests, (await server.PostAsync(List, null, Query)).Status);
        Assert.Equal(4, server.Engine.Audited.Count);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.PostAsync(List, null, Query)).Status);
        Assert.Equal(5, server.Engine.Audited.Last().LeftOut);
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Addresses_of_one_owner_share_a_rate(string one, string other, bool same) => Assert.Equal(same, RateLimits.PartitionOf(IPAddress.Parse(one)) == RateLimits.PartitionOf(IPAddress.Parse(other)));

    [Fact]
    public async Task Requests_at_work_are_bounded()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Limits = o.Limits with { MaxInFlight = 1 } });
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Engine.Recommend = async (request, _) =>
        {
            asked.TrySetResult();
            await go.Task.WaitAsync(ApiServer.Stop);
            return PortResult<RecommendationReply>.Found(FakePorts.ListFor(request));
        };
        var key = server.Key(ApiRoles.Reader);
        var first = server.PostAsync(List, key, Query);
        await ApiServer.UntilAskedAsync(asked.Task, first);
        var second = await server.PostAsync(List, key, Query);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (second.Status, second.Headers["Retry-After"]));
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PostAsync(List, key, Query)).Status);
        Assert.Equal("busy", Assert.Single(server.Engine.Audited).Reason);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PostAsync(List, key, Query)).Status);
        Assert.Equal([0L, 3L], server.Engine.Audited.Select(e => e.LeftOut));
        go.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, key, Query)).Status);
    }

    [Fact]
    public async Task One_caller_cannot_take_all_places()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Limits = o.Limits with { MaxInFlight = 8 } });
        var go = new TaskCompletionSource();
        using var asked = new SemaphoreSlim(0);
        var (one, other) = (server.Key(ApiRoles.Reader), server.Key(ApiRoles.Reader));
        server.Engine.Recommend = async (request, _) =>
        {
            asked.Release();
            await go.Task.WaitAsync(ApiServer.Stop);
            return PortResult<RecommendationReply>.Found(FakePorts.ListFor(request));
        };
        Task<ApiAnswer>[] held = [server.PostAsync(List, one, Query), server.PostAsync(List, one, Query)];
        for (var i = 0; i < 2; i++) await asked.WaitAsync(ApiServer.Stop);
        server.AssertRefused(await server.PostAsync(List, one, Query), HttpStatusCode.TooManyRequests, "rate-limited", "caller_places");
        // Of the same address, and all the same answered: its places are held until it is known who asks.
        held = [.. held, server.PostAsync(List, other, Query)];
        await asked.WaitAsync(ApiServer.Stop);
        go.SetResult();
        foreach (var answer in held) Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(List, one, Query)).Status);
    }

    [Fact]
    public async Task Place_is_held_until_the_audit_log_has_the_refusal()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Limits = o.Limits with { MaxInFlight = 4 } });
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Engine.Audit = _ =>
        {
            asked.TrySetResult();
            return go.Task;
        };
        var first = server.PostAsync(List, null, Query);
        await ApiServer.UntilAskedAsync(asked.Task, first);
        var second = server.PostAsync(List, null, Query);
        while (!server.Log.Lines.Any(line => line.Contains("address_places", StringComparison.Ordinal)))
        {
            Assert.False(first.IsCompleted || second.IsCompleted, "answered before the audit log had the first");
            await Task.Delay(10, ApiServer.Stop);
        }

        go.SetResult();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await second).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await first).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync(List, null, Query)).Status);
    }

    [Fact]
    public async Task Browsers_are_answered_for_named_origins_alone()
    {
        await using var closed = await ApiServer.StartAsync();
        var refused = await closed.SendAsync(HttpMethod.Options, List, null, null, ("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.DoesNotContain("Access-Control-Allow-Origin", refused.Headers.Keys);

        await using var server = await ApiServer.StartAsync(o => o with { Browser = new BrowserOptions { AllowedOrigins = ["https://shop.example"] } });
        var before = await server.SendAsync(HttpMethod.Options, List, null, null, ("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));
        Assert.Equal((HttpStatusCode.NoContent, "https://shop.example"), (before.Status, before.Headers["Access-Control-Allow-Origin"]));
        var evil = await server.SendAsync(HttpMethod.Options, List, null, null, ("Origin", "https://shop.example.evil.example"), ("Access-Control-Request-Method", "POST"));
        Assert.DoesNotContain("Access-Control-Allow-Origin", evil.Headers.Keys);
        var asked = await server.PostAsync(List, server.Key(ApiRoles.Reader), Query, ("Origin", "https://shop.example"));
        Assert.Equal((HttpStatusCode.OK, "https://shop.example"), (asked.Status, asked.Headers["Access-Control-Allow-Origin"]));
        Assert.DoesNotContain("Access-Control-Allow-Credentials", asked.Headers.Keys);
        // A browser's question proves nothing and does nothing.
        Assert.Single(server.Engine.Recommended);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example/")]
    [InlineData("null")]
    public void Origin_that_is_none_is_no_setting(string origin) => Assert.NotEmpty(new BrowserOptions { AllowedOrigins = [origin] }.Validate());

    [Fact]
    public async Task Refusal_that_cannot_be_audited_stays_a_refusal_and_is_logged()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Audit = _ => throw new IOException("disk full");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostAsync(List, null, Query)).Status);
        Assert.Contains(server.Log.Lines, line => line.Contains("8006", StringComparison.Ordinal));
        Assert.Contains(server.Log.Lines, line => line.Contains("8008", StringComparison.Ordinal));
    }
}
