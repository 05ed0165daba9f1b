using System.Net;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Tests.Support;
using Streaming.Api.Wire;
using Streaming.Core.Events;

namespace Streaming.Api.Tests.Routes;

/// <summary>Lists.</summary>
public sealed class RecommendTests
{
    private const string One = "/v1/recommendations/query", Batch = "/v1/recommendations/batch";

    [Fact]
    public async Task Everything_that_is_asked_for_reaches_the_engine()
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync(One, server.Key(ApiRoles.Reader),
            """{"anonymousId":" visitor-g ","surface":"cart","count":7,"contextItems":["i1","i2"],"exclude":["i3"],"category":"red shoes","pageToken":"p1","timeLimitMs":150}""");
        Assert.Equal((HttpStatusCode.OK, "application/json", "no-store"), (answer.Status, answer.Headers["Content-Type"], answer.Headers["Cache-Control"]));
        Assert.Equal("i1", answer.Json.GetProperty("items")[0].GetProperty("itemId").GetString());
        var asked = Assert.Single(server.Engine.Recommended);
        Assert.Equal(UserKey.Guest("visitor-g"), asked.User);
        Assert.Equal(("cart", 7, "red shoes", "p1", TimeSpan.FromMilliseconds(150)), (asked.Surface, asked.Count, asked.Category, asked.PageToken, asked.TimeLimit));
        Assert.Equal(["i1", "i2"], asked.ContextItems);
        Assert.Equal(["i3"], asked.Exclude);
    }

    [Fact]
    public async Task What_is_left_out_has_the_defaults()
    {
        await using var server = await ApiServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(One, server.Key(ApiRoles.Reader), """{"userId":"visitor-1"}""")).Status);
        var asked = Assert.Single(server.Engine.Recommended);
        Assert.Equal(("home", 20, TimeSpan.FromSeconds(2)), (asked.Surface, asked.Count, asked.TimeLimit));
        Assert.Null(asked.Category);
        Assert.Empty(asked.Exclude);
    }

    [Theory]
    [InlineData("""{}""", "userId")]
    [InlineData("""{"userId":"visitor-1","anonymousId":"visitor-1"}""", "userId")]
    [InlineData("""{"userId":""}""", "userId")]
    [InlineData("""{"userId":"visitor\u0007"}""", "userId")]
    [InlineData("""{"userId":"\u200b\u2066"}""", "userId")]
    [InlineData("""{"userId":7}""", "userId")]
    [InlineData("""{"userId":"visitor-1","userId":"visitor-2"}""", null)]
    [InlineData("""{"userId":"visitor-1","userID":"visitor-2"}""", "userID")]
    [InlineData("""{"userId":"visitor-1","isAdmin":true}""", "isAdmin")]
    [InlineData("""{"userId":"visitor-1","count":0}""", "count")]
    [InlineData("""{"userId":"visitor-1","count":101}""", "count")]
    [InlineData("""{"userId":"visitor-1","count":1.5}""", "count")]
    [InlineData("""{"userId":"visitor-1","count":"5"}""", "count")]
    [InlineData("""{"userId":"visitor-1","timeLimitMs":2001}""", "timeLimitMs")]
    [InlineData("""{"userId":"visitor-1","surface":"a b"}""", "surface")]
    [InlineData("""{"userId":"visitor-1","surface":"a\r\nSet-Cookie: x"}""", "surface")]
    [InlineData("""{"userId":"visitor-1","category":"a\nb"}""", "category")]
    [InlineData("""{"userId":"visitor-1","pageToken":"\u00e9"}""", "pageToken")]
    [InlineData("""{"userId":"visitor-1","exclude":["a",null]}""", "exclude[1]")]
    [InlineData("""{"userId":"visitor-1","contextItems":[" "]}""", "contextItems[0]")]
    public async Task Field_that_is_not_as_it_must_be_is_named(string body, string? field)
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync(One, server.Key(ApiRoles.Reader), body);
        server.AssertRefused(answer, HttpStatusCode.BadRequest, "invalid-field");
        if (field is not null) Assert.Equal(field, answer.Problem.Field);
        Assert.DoesNotContain("visitor", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Streaming.Api", answer.Body, StringComparison.Ordinal);
        Assert.Empty(server.Engine.Recommended);
    }

    [Fact]
    public async Task Ids_and_lists_beyond_their_limits_are_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        server.AssertRefused(await server.PostAsync(One, key, $$"""{"userId":"{{new string('u', 257)}}"}"""), HttpStatusCode.BadRequest, "invalid-field");
        server.AssertRefused(await server.PostAsync(One, key, $$"""{"userId":"{{new string('\u00e9', 129)}}"}"""), HttpStatusCode.BadRequest, "invalid-field");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(One, key, $$"""{"userId":"{{new string('u', 256)}}"}""")).Status);
        var many = string.Join(",", Enumerable.Repeat("\"i\"", 501));
        server.AssertRefused(await server.PostAsync(One, key, $$"""{"userId":"visitor-1","exclude":[{{many}}]}"""), HttpStatusCode.BadRequest, "invalid-field");
    }

    [Theory]
    [InlineData("", "malformed-body")]
    [InlineData("{", "malformed-body")]
    [InlineData("{} {}", "malformed-body")]
    [InlineData("null", "malformed-body")]
    [InlineData("{\"userId\":\"\\ud800\"}", "malformed-body")]
    [InlineData("[]", "invalid-field")]
    public async Task Body_that_is_no_query_is_refused(string body, string slug)
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        server.AssertRefused(await server.PostAsync(One, key, body), HttpStatusCode.BadRequest, slug);
        server.AssertRefused(await server.PostAsync(One, key, new string('[', 1000)), HttpStatusCode.BadRequest, "malformed-body");
        server.AssertRefused(await server.SendAsync(HttpMethod.Post, One, key, ApiServer.Bytes([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D])), HttpStatusCode.BadRequest, "malformed-body");
        server.AssertRefused(await server.PostAsync(One, key, new string(' ', (64 * 1024) + 1)), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData(PortOutcome.Unknown, HttpStatusCode.NotFound, "unknown")]
    [InlineData(PortOutcome.Unavailable, HttpStatusCode.ServiceUnavailable, "unavailable")]
    [InlineData(PortOutcome.TimedOut, HttpStatusCode.GatewayTimeout, "timed-out")]
    [InlineData(PortOutcome.Failed, HttpStatusCode.InternalServerError, "failed")]
    [InlineData(PortOutcome.Refused, HttpStatusCode.UnprocessableEntity, "not-possible")]
    public async Task Outcome_of_the_engine_has_its_status(PortOutcome outcome, HttpStatusCode status, string slug)
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Recommend = (_, _) => Task.FromResult(new PortResult<RecommendationReply>(outcome, Field: "category", Why: "why"));
        var answer = await server.PostAsync(One, server.Key(ApiRoles.Reader), """{"userId":"visitor-1"}""");
        Assert.Equal((status, "urn:streaming:problem:" + slug), (answer.Status, answer.Problem.Type));
        Assert.Equal(outcome == PortOutcome.Unavailable, answer.Headers.ContainsKey("Retry-After"));
        if (outcome == PortOutcome.Refused) Assert.Equal("category", answer.Problem.Field);
    }

    [Fact]
    public async Task Who_is_unknown_gets_a_list_where_the_engine_has_one()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Recommend = (request, _) => Task.FromResult(new PortResult<RecommendationReply>(PortOutcome.Unknown, FakePorts.ListFor(request) with { Degraded = "unknown_user" }));
        var answer = await server.PostAsync(One, server.Key(ApiRoles.Reader), """{"userId":"visitor-1"}""");
        Assert.Equal((HttpStatusCode.OK, "unknown_user"), (answer.Status, answer.Json.GetProperty("degraded").GetString()));
    }

    /// <summary>What the engine's shards answer (Emit/OutputWriter.AskedList) is read as it is, so that a host passes it on.</summary>
    [Fact]
    public void List_of_a_shard_is_read_as_a_reply()
    {
        var reply = System.Text.Json.JsonSerializer.Deserialize("""{"recommendationId":"q-3-5120-9c1185a5c5e9fc54-home","userId":"u1","surface":"home","items":[{"itemId":"i1","rank":1,"score":0.5,"source":"popular","reason":"popular"}],"modelVersion":"m","sourcePartition":3,"appliedEvents":5120,"occurredAt":1,"emittedAt":2,"degraded":"unknown_user","later":{}}""", ApiJson.Default.RecommendationReply)!;
        Assert.Equal((5120L, "unknown_user", "i1"), (reply.AppliedEvents, reply.Degraded, reply.Items[0].ItemId));
    }

    [Fact]
    public async Task Time_limit_holds_where_the_engine_does_not_look_at_it()
    {
        await using var server = await ApiServer.StartAsync();
        var asked = new TaskCompletionSource();
        var given = CancellationToken.None;
        server.Engine.Recommend = (_, cancellation) =>
        {
            given = cancellation;
            asked.SetResult();
            return new TaskCompletionSource<PortResult<RecommendationReply>>().Task;
        };
        var pending = server.PostAsync(One, server.Key(ApiRoles.Reader), """{"userId":"visitor-1","timeLimitMs":150}""");
        await ApiServer.UntilAskedAsync(asked.Task, pending);
        server.Time.Advance(TimeSpan.FromMilliseconds(149));
        Assert.False(given.IsCancellationRequested);
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(given.IsCancellationRequested);
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await pending).Status);
    }

    [Fact]
    public async Task Error_after_the_time_limit_is_told_to_the_log()
    {
        await using var server = await ApiServer.StartAsync();
        var (asked, late) = (new TaskCompletionSource(), new TaskCompletionSource<PortResult<RecommendationReply>>());
        server.Engine.Recommend = (_, _) =>
        {
            asked.SetResult();
            return late.Task;
        };
        var pending = server.PostAsync(One, server.Key(ApiRoles.Reader), """{"userId":"visitor-1","timeLimitMs":150}""");
        await ApiServer.UntilAskedAsync(asked.Task, pending);
        server.Time.Advance(TimeSpan.FromMilliseconds(150));
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await pending).Status);
        late.SetException(new InvalidOperationException("late words"));
        Assert.Contains(server.Log.Lines, line => line.Contains("8010", StringComparison.Ordinal) && line.Contains("late words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Time_limits_of_a_batch_run_for_all_questions_at_once()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Limits = o.Limits with { BatchConcurrency = 1 } });
        var asked = new TaskCompletionSource();
        server.Engine.Recommend = (request, _) =>
        {
            asked.TrySetResult();
            return request.User == UserKey.User("visitor-1") ? new TaskCompletionSource<PortResult<RecommendationReply>>().Task : Task.FromResult(PortResult<RecommendationReply>.Found(FakePorts.ListFor(request)));
        };
        var pending = server.PostAsync(Batch, server.Key(ApiRoles.Reader), """{"queries":[{"userId":"visitor-1","timeLimitMs":150},{"userId":"visitor-2","timeLimitMs":150},{"userId":"visitor-3","timeLimitMs":200}]}""");
        await ApiServer.UntilAskedAsync(asked.Task, pending);
        server.Time.Advance(TimeSpan.FromMilliseconds(150));
        Assert.Equal([504, 504, 200], (await pending).Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("status").GetInt32()));
        Assert.Equal([150, 50], server.Engine.Recommended.Select(r => r.TimeLimit.TotalMilliseconds));
    }

    [Fact]
    public async Task Error_of_the_engine_is_told_to_the_log_and_not_to_the_caller()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Recommend = (_, _) => throw new InvalidOperationException("inner words");
        var answer = await server.PostAsync(One, server.Key(ApiRoles.Reader), """{"userId":"visitor-1"}""");
        Assert.Equal((HttpStatusCode.InternalServerError, "urn:streaming:problem:failed"), (answer.Status, answer.Problem.Type));
        Assert.DoesNotContain("inner words", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", answer.Body, StringComparison.Ordinal);
        Assert.Contains(server.Log.Lines, line => line.Contains("inner words", StringComparison.Ordinal) && line.Contains(answer.Problem.RequestId!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Questions_of_a_batch_are_answered_each_by_itself_in_their_order()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Recommend = (request, _) => Task.FromResult(request.User == UserKey.User("visitor-2") ? PortResult<RecommendationReply>.Not(PortOutcome.Unknown) : PortResult<RecommendationReply>.Found(FakePorts.ListFor(request)));
        var answer = await server.PostAsync(Batch, server.Key(ApiRoles.Reader), """{"queries":[{"userId":"visitor-1"},{"userId":"visitor-2"},{"userId":"visitor-3","count":-1},{"anonymousId":"visitor-4"}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var results = answer.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal([200, 404, 400, 200], results.Select(r => r.GetProperty("status").GetInt32()));
        Assert.Equal("count", results[2].GetProperty("problem").GetProperty("field").GetString());
        Assert.False(results[0].TryGetProperty("problem", out _));
    }

    [Fact]
    public async Task Batch_is_asked_in_parallel_up_to_its_bound()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Limits = o.Limits with { BatchConcurrency = 3 } });
        var (running, most) = (0, 0);
        var full = new TaskCompletionSource();
        server.Engine.Recommend = async (request, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == 3) full.TrySetResult();
            await full.Task.WaitAsync(ApiServer.Stop);
            Interlocked.Decrement(ref running);
            return PortResult<RecommendationReply>.Found(FakePorts.ListFor(request));
        };
        var queries = string.Join(",", Enumerable.Range(0, 12).Select(i => $$"""{"userId":"visitor-{{i}}"}"""));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Batch, server.Key(ApiRoles.Reader), $$"""{"queries":[{{queries}}]}""")).Status);
        Assert.Equal(3, most);
        foreach (var bad in (string[])["{}", """{"queries":[]}""", """{"queries":[null]}""", $$"""{"queries":[{{string.Join(",", Enumerable.Repeat("{}", 51))}}]}"""])
        {
            server.AssertRefused(await server.PostAsync(Batch, server.Key(ApiRoles.Reader), bad), HttpStatusCode.BadRequest, "invalid-field");
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
        }
    }
}
