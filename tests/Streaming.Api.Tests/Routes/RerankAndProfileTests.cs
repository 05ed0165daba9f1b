using System.Net;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Tests.Support;
using Streaming.Api.Wire;

namespace Streaming.Api.Tests.Routes;

/// <summary>Orders for search, and profiles.</summary>
public sealed class RerankAndProfileTests
{
    [Fact]
    public async Task Order_holds_items_of_the_request()
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync("/v1/rerank", server.Key(ApiRoles.Reader), """{"userId":"visitor-1","query":"red shoes","items":["a","b","c"],"count":2}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["c", "b"], answer.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()));
        Assert.Equal("red shoes", Assert.Single(server.Engine.Reranked).Query);
    }

    [Theory]
    [InlineData("""{"userId":"visitor-1"}""", "items")]
    [InlineData("""{"userId":"visitor-1","items":[]}""", "items")]
    [InlineData("""{"userId":"visitor-1","items":["a","a"]}""", "items")]
    [InlineData("""{"userId":"visitor-1","items":["a"],"count":2}""", "count")]
    [InlineData("""{"userId":"visitor-1","items":["a"],"query":"\u0000"}""", "query")]
    public async Task Order_of_nothing_is_refused(string body, string field)
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync("/v1/rerank", server.Key(ApiRoles.Reader), body);
        server.AssertRefused(answer, HttpStatusCode.BadRequest, "invalid-field");
        Assert.Equal(field, answer.Problem.Field);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a", "a")]
    [InlineData("a", "b", "c")]
    public async Task Order_that_is_none_is_not_passed_on(params string[] items)
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Rerank = _ => PortResult<RerankReply>.Found(new RerankReply { Items = [.. items.Select((id, i) => new RecommendedEntry { ItemId = id, Rank = i + 1, Score = 0 })] });
        Assert.Equal(HttpStatusCode.InternalServerError, (await server.PostAsync("/v1/rerank", server.Key(ApiRoles.Reader), """{"userId":"visitor-1","items":["a","b","c"],"count":2}""")).Status);
    }

    [Fact]
    public async Task Profile_is_passed_on_whole_or_not_at_all()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Marketer);
        var answer = await server.PostAsync("/v1/profiles/query", key, """{"userId":"visitor-1"}""");
        Assert.Equal((HttpStatusCode.OK, """{"counters":{"views":3}}""", "no-store"), (answer.Status, answer.Body, answer.Headers["Cache-Control"]));
        server.Engine.Profile = _ => PortResult<byte[]>.Found("""{"a":{"degraded":true},"degraded":false}"""u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/profiles/query", key, """{"userId":"visitor-1"}""")).Status);
        server.Engine.Profile = _ => PortResult<byte[]>.Found("""{"degraded":true,"counters":{}}"""u8.ToArray());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PostAsync("/v1/profiles/query", key, """{"userId":"visitor-1"}""")).Status);
        server.Engine.Profile = _ => PortResult<byte[]>.Not(PortOutcome.Unknown);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("/v1/profiles/query", key, """{"userId":"visitor-1"}""")).Status);
        // Who read of whom is kept; that somebody is unknown is an answer and no refusal.
        Assert.Equal([AuditOutcome.Done, AuditOutcome.Done, AuditOutcome.Failed, AuditOutcome.Failed], server.Engine.Audited.Where(e => e.Outcome != AuditOutcome.Begun).Select(e => e.Outcome));
        Assert.All(server.Engine.Audited, e => Assert.Matches("^[0-9a-f]{32}$", e.Subject));
    }
}
