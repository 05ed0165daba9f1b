using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Tests.Support;

namespace Streaming.Api.Tests.OpenApi;

/// <summary>The OpenAPI document: docs/openapi.json is what the code says, and what it says is right.</summary>
public sealed class OpenApiTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "openapi.json");

    /// <summary>With STREAMING_UPDATE_DOCS=1 the document is written anew instead.</summary>
    [Fact]
    public async Task Document_is_made_from_the_routes_of_today()
    {
        await using var server = await ApiServer.StartAsync();
        var served = await server.GetAsync("/openapi/v1.json", server.Key(ApiRoles.Reader));
        if (Environment.GetEnvironmentVariable("STREAMING_UPDATE_DOCS") == "1") await File.WriteAllTextAsync(Page, served.Body, ApiServer.Stop);
        Assert.Equal(served.Body, (await File.ReadAllTextAsync(Page, ApiServer.Stop)).ReplaceLineEndings("\n"));
        Assert.NotEmpty(served.Headers["ETag"]);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, (await server.GetAsync("/openapi/v1.json", server.Key(ApiRoles.Reader), ("If-None-Match", served.Headers["ETag"]))).Status);
    }

    [Fact]
    public async Task Another_reader_of_openapi_finds_no_error_in_it()
    {
        var (document, diagnostic) = await OpenApiDocument.LoadAsync(new MemoryStream(await File.ReadAllBytesAsync(Page, ApiServer.Stop)), "json", cancellationToken: ApiServer.Stop);
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        Assert.True(document!.Paths.Count > 10);
        Assert.All(document.Paths.Values.SelectMany(p => p.Operations!.Values), o => Assert.False(string.IsNullOrEmpty(o.OperationId)));
    }

    [Fact]
    public void Every_reference_leads_to_a_schema_and_every_schema_is_asked_for()
    {
        var text = File.ReadAllText(Page);
        var schemas = JsonNode.Parse(text)!["components"]!["schemas"]!.AsObject().Select(s => s.Key).ToHashSet();
        var asked = System.Text.RegularExpressions.Regex.Matches(text, "\"#/components/schemas/(\\w+)\"").Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Equal(schemas.Order(), asked.Order());
    }

    [Fact]
    public void Every_field_is_described_and_every_operation_has_words_errors_and_its_scope()
    {
        var document = JsonNode.Parse(File.ReadAllText(Page))!;
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            foreach (var (field, value) in schema!["properties"]!.AsObject()) Assert.True(value!["description"] is not null || name == "Event", $"{name}.{field} has no description");
        }

        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var name = $"{method} {path}";
                Assert.False(string.IsNullOrEmpty((string?)operation!["summary"]), name);
                var statuses = operation["responses"]!.AsObject().Select(r => int.Parse(r.Key, System.Globalization.CultureInfo.InvariantCulture)).ToList();
                Assert.True(statuses.Contains(401) && statuses.Contains(429) && statuses.Contains(500) && statuses.Contains(503), name);
                var scopes = operation["security"]![0]!["bearer"]!.AsArray().Select(s => (string)s!).ToList();
                Assert.True(path.StartsWith("/openapi", StringComparison.Ordinal) ? scopes.Count == 0 : ApiScopes.All.Contains(Assert.Single(scopes)), name);
                if (method != "get" && operation["requestBody"] is { } body) Assert.True(body["content"]!["application/json"]!["example"] is not null, name);
            }
        }
    }

    [Fact]
    public void Requests_are_closed_and_bounded_and_answers_may_grow()
    {
        var document = JsonNode.Parse(File.ReadAllText(Page))!;
        var requests = 0;
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject().Where(s => s.Key != "Event"))
        {
            var isRequest = name.EndsWith("Query", StringComparison.Ordinal) || name.EndsWith("Request", StringComparison.Ordinal) || name == "RecommendBatch";
            Assert.Equal((name, isRequest), (name, schema!["additionalProperties"]?.GetValue<bool>() == false));
            if (!isRequest) continue;
            requests++;
            foreach (var (field, value) in schema["properties"]!.AsObject())
            {
                Assert.True(value!["maxLength"] is not null || value["maxItems"] is not null || value["maximum"] is not null || value["type"]!.ToJsonString().Contains("boolean", StringComparison.Ordinal), $"{name}.{field}");
            }
        }

        Assert.Equal(7, requests);
    }

    [Fact]
    public async Task Example_of_each_request_is_answered_as_the_document_says()
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Keys.Add("all", scopes: ApiScopes.All);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        foreach (var (path, methods) in JsonNode.Parse(File.ReadAllText(Page))!["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var example = operation!["requestBody"]?["content"]!["application/json"]!["example"]?.ToJsonString();
                var answer = await server.SendAsync(new HttpMethod(method.ToUpperInvariant()), path.Replace("{name}", "ranker", StringComparison.Ordinal), key, example is null ? null : ApiServer.Json(example));
                Assert.True((int)answer.Status < 300 && operation["responses"]!.AsObject().ContainsKey(((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture)), $"{method} {path}: {answer.Status} {answer.Body}");
            }
        }
    }

    [Theory]
    [InlineData(PortOutcome.Unknown, 404, "unknown")]
    [InlineData(PortOutcome.Unavailable, 503, "unavailable")]
    [InlineData(PortOutcome.TimedOut, 504, "timed-out")]
    [InlineData(PortOutcome.Failed, 500, "failed")]
    [InlineData(PortOutcome.Refused, 422, "not-possible")]
    public async Task Every_outcome_of_a_port_is_an_answer_that_the_document_has(PortOutcome outcome, int status, string slug)
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Keys.Add("all", scopes: ApiScopes.All);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        server.Engine.Only = outcome;
        var document = JsonNode.Parse(File.ReadAllText(Page))!;
        foreach (var (path, methods) in document["paths"]!.AsObject().Where(p => p.Key != "/openapi/v1.json"))
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var example = operation!["requestBody"]?["content"]!["application/json"]!["example"]?.ToJsonString();
                var answer = await server.SendAsync(new HttpMethod(method.ToUpperInvariant()), path.Replace("{name}", "ranker", StringComparison.Ordinal), key, example is null ? null : ApiServer.Json(example));
                if (path == "/v1/recommendations/batch")
                {
                    Assert.All(answer.Json.GetProperty("results").EnumerateArray(), r => Assert.Equal(status, r.GetProperty("status").GetInt32()));
                    continue;
                }

                var wanted = outcome == PortOutcome.Unavailable && path == "/v1/events" ? "events-failed" : slug;
                Assert.Equal((method, path, status, "urn:streaming:problem:" + wanted), (method, path, (int)answer.Status, answer.Problem.Type));
                var response = (string?)operation["responses"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)]?["$ref"];
                Assert.True(response is not null && document["components"]!["responses"]![response[(response.LastIndexOf('/') + 1)..]]!["content"]!["application/problem+json"]!["examples"]![wanted] is not null, $"{method} {path} has no {status} {wanted}");
            }
        }
    }

    [Fact]
    public void Fields_that_must_be_there_are_required_and_none_of_a_request_is_null()
    {
        var schemas = JsonNode.Parse(File.ReadAllText(Page))!["components"]!["schemas"]!;
        foreach (var (name, fields) in ((string, string)[])[("UseModelRequest", "version"), ("RerankQuery", "items"), ("RecommendBatch", "queries"), ("RedriveRequest", "deadLetterIds"), ("PauseRequest", "isPaused,reason")])
        {
            Assert.Equal(fields, string.Join(",", schemas[name]!["required"]!.AsArray().Select(f => (string)f!)));
        }

        foreach (var name in (string[])["RecommendQuery", "RerankQuery", "PersonQuery"])
        {
            Assert.Equal("""[{"required":["userId"]},{"required":["anonymousId"]}]""", schemas[name]!["oneOf"]!.ToJsonString());
            Assert.DoesNotContain("\"null\"", schemas[name]!.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Examples_of_answers_are_of_their_records()
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var route in Streaming.Api.Routes.ApiRouteTable.Build(server.Engine.All(), Environments.Default()).All.Where(r => r.Operation != "getOpenApi"))
        {
            Assert.NotNull(route.ResponseExample);
            if (route.Response is not null) Assert.NotNull(JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(route.ResponseExample!), route.Response!));
        }
    }

    [Fact]
    public void Slugs_of_problems_are_each_there_once() => Assert.Equal(ProblemKind.All.Count, ProblemKind.All.Select(k => k.Slug).Distinct().Count());
}
