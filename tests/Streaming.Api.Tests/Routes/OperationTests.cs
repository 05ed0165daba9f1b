using System.Net;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Tests.Support;

namespace Streaming.Api.Tests.Routes;

/// <summary>Dead letters, models, pause: privileged acts leave two entries in the audit log.</summary>
public sealed class OperationTests
{
    [Theory]
    [InlineData("POST", "/v1/dead-letters/redrive", """{"deadLetterIds":["events-3-5119"]}""", "redrive events-3-5119", "POST /v1/dead-letters/redrive")]
    [InlineData("POST", "/v1/models/ranker/use", """{"version":"ranker-8"}""", "use ranker ranker-8", "POST /v1/models/{name}/use")]
    [InlineData("POST", "/v1/models/ranker/rollback", "", "rollback ranker", "POST /v1/models/{name}/rollback")]
    [InlineData("PUT", "/v1/pause", """{"isPaused":true,"reason":"prices are wrong"}""", "pause True", "PUT /v1/pause")]
    [InlineData("GET", "/v1/dead-letters", "", "browse  100 ", "GET /v1/dead-letters")]
    public async Task Act_is_done_by_an_operator_alone_and_audited_before_and_after(string method, string path, string body, string act, string what)
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var role in ApiRoles.Scopes.Keys.Where(r => r != ApiRoles.Operator))
        {
            server.AssertRefused(await server.SendAsync(new HttpMethod(method), path, server.Key(role), ApiServer.Json(body)), HttpStatusCode.Forbidden, "forbidden");
        }

        Assert.Empty(server.Engine.Acts);
        server.Engine.Audited.Clear();
        var answer = await server.SendAsync(new HttpMethod(method), path, server.Key(ApiRoles.Operator), ApiServer.Json(body));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([act], server.Engine.Acts);
        var entries = server.Engine.Audited.ToArray();
        Assert.Equal([AuditOutcome.Begun, AuditOutcome.Done], entries.Select(e => e.Outcome));
        Assert.All(entries, e => Assert.Equal((what, answer.Headers["X-Request-Id"], "127.0.0.1"), (e.What, e.RequestId, e.From)));
        Assert.All(entries, e => Assert.StartsWith("key:k", e.Who, StringComparison.Ordinal));
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeMilliseconds(), entries[1].AtMs);
    }

    [Fact]
    public async Task Act_that_cannot_be_audited_is_not_done()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Audit = _ => throw new IOException("disk full");
        var answer = await server.PostAsync("/v1/models/ranker/use", server.Key(ApiRoles.Operator), """{"version":"ranker-8"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Empty(server.Engine.Acts);
        Assert.Contains(server.Log.Lines, line => line.Contains("8008", StringComparison.Ordinal) && line.Contains("disk full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Act_that_comes_to_nothing_is_audited_as_that()
    {
        await using var server = await ApiServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/v1/models/ranker/use", server.Key(ApiRoles.Operator), """{"version":"none"}""")).Status);
        Assert.Equal([(AuditOutcome.Begun, 0), (AuditOutcome.Failed, 404)], server.Engine.Audited.Select(e => (e.Outcome, e.Status)));
    }

    [Fact]
    public async Task Dead_letters_are_browsed_by_known_parameters_alone()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Operator);
        var answer = await server.GetAsync("/v1/dead-letters?reason=missing_user&limit=5&pageToken=p1", key);
        Assert.Equal((HttpStatusCode.OK, "no-store", "p2"), (answer.Status, answer.Headers["Cache-Control"], answer.Json.GetProperty("nextPageToken").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/v1/dead-letters", key)).Status);
        Assert.Equal(["browse missing_user 5 p1", "browse  100 "], server.Engine.Acts);
        foreach (var (query, field) in ((string, string)[])[("reason=none", "reason"), ("reason=x", "reason"), ("limit=0", "limit"), ("limit=101", "limit"), ("limit=%2b5", "limit"), ("limit=1&limit=2", "limit"), ("pageToken=a%20b", "pageToken")])
        {
            var refused = await server.GetAsync("/v1/dead-letters?" + query, key);
            server.AssertRefused(refused, HttpStatusCode.BadRequest, "invalid-field");
            Assert.Equal(field, refused.Problem.Field);
        }

        var unknown = await server.GetAsync("/v1/dead-letters?all=1", key);
        server.AssertRefused(unknown, HttpStatusCode.BadRequest, "unknown-parameter");
        Assert.Equal("all", unknown.Problem.Field);
    }

    [Fact]
    public async Task Models_have_a_tag_that_saves_the_body()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Operator);
        var first = await server.GetAsync("/v1/models", key);
        Assert.Equal("no-cache, private", first.Headers["Cache-Control"]);
        foreach (var tag in (string[])[first.Headers["ETag"], "\"other\", " + first.Headers["ETag"], "*", "W/" + first.Headers["ETag"]])
        {
            var again = await server.GetAsync("/v1/models", key, ("If-None-Match", tag));
            Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));
        }

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/v1/models", key, ("If-None-Match", "\"other\""))).Status);
    }

    [Theory]
    [InlineData("/v1/models/..%2f..%2fetc/use")]
    [InlineData("/v1/models/a%00b/use")]
    [InlineData("/v1/models/a%0d%0aX-Evil:%201/use")]
    [InlineData("/v1/models/%c3%a9/use")]
    [InlineData("/v1/models/a.b/use")]
    public async Task Name_of_a_model_leads_nowhere_else(string path)
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync(path, server.Key(ApiRoles.Operator), """{"version":"ranker-8"}""");
        if (path.Contains("%00", StringComparison.Ordinal)) Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        else server.AssertRefused(answer, HttpStatusCode.BadRequest, "invalid-field");
        Assert.DoesNotContain("X-Evil", answer.Headers.Keys);
        Assert.Empty(server.Engine.Acts);
    }
}
