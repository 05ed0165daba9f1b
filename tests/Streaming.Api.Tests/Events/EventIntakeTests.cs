using System.IO.Compression;
using System.Net;
using System.Text;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Tests.Support;
using Streaming.Api.Wire;
using Streaming.Core.Events;

namespace Streaming.Api.Tests.Events;

/// <summary>POST /v1/events.</summary>
public sealed class EventIntakeTests
{
    private const string Route = "/v1/events";

    [Fact]
    public async Task Event_is_written_as_it_came_under_the_id_of_its_profile()
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync(Route, server.Key(ApiRoles.Writer), View("visitor-1", "e1"));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var result = Assert.Single(answer.Events.Events);
        Assert.Equal((EventState.Accepted, "e1", Murmur2.Partition("visitor-1"u8, 4), 101L), (result.State, result.EventId, result.Partition, result.Offset));
        var record = Assert.Single(server.Engine.Written);
        Assert.Equal(("visitor-1", View("visitor-1", "e1")), (Text(record.Key), Text(record.Value)));
    }

    [Theory]
    [InlineData("application/json", "[{0},\n {1}]")]
    [InlineData("application/json", "\uFEFF [{0},{1}] ")]
    [InlineData("application/x-ndjson", "{0}\n{1}")]
    [InlineData("application/x-ndjson", "\uFEFF{0}\r\n\r\n{1}\n")]
    public async Task Events_of_a_batch_keep_their_order(string mediaType, string form)
    {
        await using var server = await ApiServer.StartAsync();
        var body = form.Replace("{0}", View("visitor-1", "e1"), StringComparison.Ordinal).Replace("{1}", View("visitor-2", "e2"), StringComparison.Ordinal);
        var answer = await server.SendAsync(HttpMethod.Post, Route, server.Key(ApiRoles.Writer), ApiServer.Json(body, mediaType));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(["e1", "e2"], answer.Events.Events.Select(e => e.EventId));
        Assert.Equal(["visitor-1", "visitor-2"], server.Engine.Written.Select(r => Text(r.Key)));
    }

    [Fact]
    public async Task Event_that_would_become_a_dead_letter_is_refused_by_its_index_and_keeps_no_other_back()
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync(Route, server.Key(ApiRoles.Writer), $$"""[{{View("visitor-1", "e1")}},{"type":"view","userId":"visitor-1","eventId":"e2","occurredAt":1},{{View("visitor-1", "e3")}}]""");
        Assert.Equal(HttpStatusCode.MultiStatus, answer.Status);
        Assert.Equal((2, 1, 0), (answer.Events.Accepted, answer.Events.Refused, answer.Events.Failed));
        Assert.Equal((1, EventState.Refused, "time_out_of_range"), (answer.Events.Events[1].Index, answer.Events.Events[1].State, answer.Events.Events[1].Reason));
        Assert.Equal(2, server.Engine.Written.Count);
    }

    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("null", "not_an_object")]
    [InlineData("""{"type":"view"}""", "missing_field")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"itemId":"i"}""", "missing_user")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"u"}""", "impossible")]
    [InlineData("""{"type":"hack","occurredAt":1767225600051,"userId":"u"}""", "unknown_type")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"u","userID":"u","itemId":"i"}""", "wrong_case")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"u","userId":"u","itemId":"i"}""", "duplicate_field")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"a\u0000b","itemId":"i"}""", "invalid_id")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"\u200b","itemId":"i"}""", "invalid_id")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"\ud800","itemId":"i"}""", "invalid_text")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"u","itemId":"i"}""", "missing_event_id")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"u","itemId":"i","eventId":null}""", "missing_event_id")]
    [InlineData("""{"type":"erase","occurredAt":1767225600051,"userId":"u","eventId":"e"}""", "erase_not_here")]
    public async Task Request_without_an_event_that_can_be_applied_is_refused_with_the_reason(string body, string reason)
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync(Route, server.Key(ApiRoles.Writer), body);
        server.AssertRefused(answer, HttpStatusCode.UnprocessableEntity, "events-refused", "events:" + reason);
        Assert.Equal(reason, Assert.Single(answer.Problem.Events!.Events).Reason);
        Assert.Empty(server.Engine.Written);
    }

    [Fact]
    public async Task Erase_event_is_refused_to_the_privacy_officer_too()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Keys.Add("both", ApiRoles.PrivacyOfficer, [ApiScopes.EventsWrite]);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        var answer = await server.PostAsync(Route, key, """{"type":"\u0065rase","occurredAt":1767225600051,"userId":"u","eventId":"e"}""");
        server.AssertRefused(answer, HttpStatusCode.UnprocessableEntity, "events-refused", "events:erase_not_here");
    }

    [Theory]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"u","itemId":"i"}""")]
    [InlineData("""{ "eventId" : null ,"type":"view","occurredAt":1767225600051,"userId":"u","itemId":"i"}""")]
    [InlineData("""{"type":"view","occurredAt":1767225600051,"userId":"u","itemId":"i","event\u0049d":null}""")]
    public async Task Key_of_the_request_gives_events_an_id_that_a_repeat_gives_too(string body)
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Writer);
        var first = await server.PostAsync(Route, key, body, ("Idempotency-Key", "order-1"));
        var again = await server.PostAsync(Route, key, body, ("Idempotency-Key", "order-1"));
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal(first.Events.Events[0].EventId, again.Events.Events[0].EventId);
        Assert.EndsWith("-0", first.Events.Events[0].EventId, StringComparison.Ordinal);
        var written = server.Engine.Written.ToArray();
        Assert.Equal(Text(written[0].Value), Text(written[1].Value));
        Assert.Contains($"\"{first.Events.Events[0].EventId}\"", Text(written[0].Value), StringComparison.Ordinal);
        // Another key, and another caller, give other ids.
        Assert.NotEqual(first.Events.Events[0].EventId, (await server.PostAsync(Route, key, body, ("Idempotency-Key", "order-2"))).Events.Events[0].EventId);
        Assert.NotEqual(first.Events.Events[0].EventId, (await server.PostAsync(Route, server.Key(ApiRoles.Writer), body, ("Idempotency-Key", "order-1"))).Events.Events[0].EventId);
    }

    [Fact]
    public async Task Key_of_a_request_that_comes_again_with_another_body_is_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Writer);
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(Route, key, View("visitor-1", "e1"), ("Idempotency-Key", "order-1"))).Status);
        server.AssertRefused(await server.PostAsync(Route, key, View("visitor-2", "e2"), ("Idempotency-Key", "order-1")), HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        Assert.Single(server.Engine.Written);
        // One of which nothing was written is put right under its key.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.PostAsync(Route, key, "{}", ("Idempotency-Key", "order-2"))).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(Route, key, View("visitor-1", "e2"), ("Idempotency-Key", "order-2"))).Status);
        foreach (var bad in (string[])["a b", new string('x', 201)])
        {
            server.AssertRefused(await server.PostAsync(Route, key, View("visitor-1", "e1"), ("Idempotency-Key", bad)), HttpStatusCode.BadRequest, "invalid-field");
        }
    }

    /// <summary>After a failure in part the client sends what is missing, under the same key: no node may take it for an event that was written.</summary>
    [Fact]
    public async Task Another_body_under_the_key_has_other_ids_on_a_node_that_did_not_see_the_first()
    {
        await using var first = await ApiServer.StartAsync();
        await using var second = await ApiServer.StartAsync();
        const string one = """{"type":"view","occurredAt":1767225600051,"userId":"u","itemId":"i"}""", other = """{"type":"view","occurredAt":1767225600052,"userId":"u","itemId":"j"}""";
        var (key, sameKey) = (first.Key(ApiRoles.Writer), second.Key(ApiRoles.Writer));
        var both = await first.PostAsync(Route, key, $"[{one},{other}]", ("Idempotency-Key", "order-1"));
        var rest = await second.PostAsync(Route, sameKey, $"[{other}]", ("Idempotency-Key", "order-1"));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (both.Status, rest.Status));
        Assert.DoesNotContain(rest.Events.Events[0].EventId, both.Events.Events.Select(e => e.EventId));
        // The whole request again has its ids on a third node as well: the callers are the same.
        await using var third = await ApiServer.StartAsync();
        var again = await third.PostAsync(Route, third.Key(ApiRoles.Writer), $"[{one},{other}]", ("Idempotency-Key", "order-1"));
        Assert.Equal(both.Events.Events.Select(e => e.EventId), again.Events.Events.Select(e => e.EventId));
    }

    [Fact]
    public async Task Login_is_keyed_by_the_guest_and_ids_get_the_engine_s_form()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Writer);
        await server.PostAsync(Route, key, """{"type":"identify","occurredAt":1767225600051,"userId":"visitor-1","anonymousId":"visitor-g","eventId":"e1"}""");
        await server.PostAsync(Route, key, """{"type":"view","occurredAt":1767225600051,"userId":" visitor-e\u0301\u200b ","anonymousId":"visitor-g","itemId":"i","eventId":"e2"}""");
        Assert.Equal(["visitor-g", "visitor-\u00e9"], server.Engine.Written.Select(r => Text(r.Key)));
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_refused_however_it_comes()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Limits = o.Limits with { MaxEventsBytes = 200_000 } });
        var key = server.Key(ApiRoles.Writer);
        server.AssertRefused(await server.SendAsync(HttpMethod.Post, Route, key, ApiServer.Bytes(new byte[200_001])), HttpStatusCode.RequestEntityTooLarge, "too-large");
        var chunked = ApiServer.Bytes(new byte[200_001]);
        server.AssertRefused(await server.SendAsync(HttpMethod.Post, Route, key, chunked, ("Transfer-Encoding", "chunked")), HttpStatusCode.RequestEntityTooLarge, "too-large");
        // Beyond the server's own limit of other routes, and within this one's.
        var many = "[" + string.Join(",", Enumerable.Range(0, 900).Select(i => View("visitor-1", $"e{i}"))) + "]";
        Assert.InRange(many.Length, 65 * 1024, 200_000);
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(Route, key, many)).Status);
    }

    [Fact]
    public async Task Too_many_events_and_bodies_that_are_none_are_refused()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Limits = o.Limits with { MaxEvents = 2 } });
        var key = server.Key(ApiRoles.Writer);
        var three = string.Join(",", Enumerable.Range(0, 3).Select(i => View("visitor-1", $"e{i}")));
        server.AssertRefused(await server.PostAsync(Route, key, $"[{three}]"), HttpStatusCode.RequestEntityTooLarge, "too-large");
        server.AssertRefused(await server.SendAsync(HttpMethod.Post, Route, key, ApiServer.Json(three.Replace("},", "}\n", StringComparison.Ordinal), "application/x-ndjson")), HttpStatusCode.RequestEntityTooLarge, "too-large");
        foreach (var none in (string[])["", " ", "[]", "[", $"[{View("visitor-1", "e")}", "[1,]", "[{}]]"])
        {
            server.AssertRefused(await server.PostAsync(Route, key, none), HttpStatusCode.BadRequest, "malformed-body");
        }

        server.AssertRefused(await server.SendAsync(HttpMethod.Post, Route, key, ApiServer.Json(View("visitor-1", "e"), "text/plain")), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        server.AssertRefused(await server.SendAsync(HttpMethod.Post, Route, key, ApiServer.Json(View("visitor-1", "e"), "application/json; charset=utf-16")), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(View("visitor-1", "e")));
        var content = ApiServer.Bytes(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        server.AssertRefused(await server.SendAsync(HttpMethod.Post, Route, key, content), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        Assert.Empty(server.Engine.Written);
    }

    [Fact]
    public async Task Full_queue_is_503_and_says_when_to_come_back()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Intake = (_, _) => Task.FromResult(new PortResult<IReadOnlyList<EventReceipt>>(PortOutcome.Unavailable, RetryAfter: TimeSpan.FromSeconds(2.5)));
        var answer = await server.PostAsync(Route, server.Key(ApiRoles.Writer), View("visitor-1", "e1"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "3"), (answer.Status, answer.Headers["Retry-After"]));
        Assert.Equal(EventState.Failed, Assert.Single(answer.Problem.Events!.Events).State);
    }

    [Fact]
    public async Task Broker_that_has_only_some_is_told_event_by_event()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Intake = (records, _) => Task.FromResult(PortResult<IReadOnlyList<EventReceipt>>.Found([.. records.Select((_, i) => new EventReceipt(i != 1, 0, i))]));
        var answer = await server.PostAsync(Route, server.Key(ApiRoles.Writer), $"[{View("visitor-1", "e1")},{{}},{View("visitor-1", "e2")},{View("visitor-1", "e3")}]");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("urn:streaming:problem:events-failed", answer.Problem.Type);
        Assert.Equal([EventState.Accepted, EventState.Refused, EventState.Failed, EventState.Accepted], answer.Problem.Events!.Events.Select(e => e.State));
    }

    [Fact]
    public async Task Broker_that_does_not_answer_in_time_is_504()
    {
        await using var server = await ApiServer.StartAsync();
        var asked = new TaskCompletionSource();
        server.Engine.Intake = (_, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource<PortResult<IReadOnlyList<EventReceipt>>>().Task;
        };
        var pending = server.PostAsync(Route, server.Key(ApiRoles.Writer), View("visitor-1", "e1"));
        await ApiServer.UntilAskedAsync(asked.Task, pending);
        server.Time.Advance(TimeSpan.FromSeconds(30));
        var answer = await pending;
        Assert.Equal((HttpStatusCode.GatewayTimeout, EventState.Failed), (answer.Status, answer.Problem.Events!.Events[0].State));
    }

    [Fact]
    public async Task Port_that_answers_for_other_records_is_not_believed()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Intake = (_, _) => Task.FromResult(PortResult<IReadOnlyList<EventReceipt>>.Found([]));
        Assert.Equal(HttpStatusCode.InternalServerError, (await server.PostAsync(Route, server.Key(ApiRoles.Writer), View("visitor-1", "e1"))).Status);
    }

    internal static string View(string user, string eventId) => $$"""{"type":"view","userId":"{{user}}","itemId":"i42","eventId":"{{eventId}}","occurredAt":1767225600051}""";

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
