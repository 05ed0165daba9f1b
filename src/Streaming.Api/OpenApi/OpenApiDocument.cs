using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Http;
using Streaming.Api.Wire;

namespace Streaming.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document of a table of routes: made from the same table that is mapped, so that the two cannot differ. The same routes give the same bytes.</summary>
internal static partial class OpenApiDocument
{
    private const string Version = "3.1.1", BearerScheme = "bearer", ProblemType = "application/problem+json", JsonType = "application/json";
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What the gate answers before any route is asked.
    private static readonly ProblemKind[] OfTheGate = [ProblemKind.UnknownParameter, ProblemKind.Unauthenticated, ProblemKind.Forbidden, ProblemKind.RateLimited, ProblemKind.Failed, ProblemKind.Unavailable];

    /// <summary>The document, UTF-8, with a final line feed.</summary>
    public static byte[] Build(IReadOnlyList<ApiRoute> routes, SchemaBounds bounds)
    {
        var book = new SchemaBook(bounds);
        var problems = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            if (paths[route.Pattern] is not JsonObject path) paths[route.Pattern] = path = [];
            path[route.Method.ToLowerInvariant()] = Operation(route, book, problems);
        }

        book.AddEvent();
        book.Refer(ApiJson.Default.Problem);
        return Bytes(new JsonObject
        {
            ["openapi"] = Version,
            ["info"] = new JsonObject
            {
                ["title"] = "Streaming personalisation engine",
                ["version"] = "1",
                ["description"] = "Lists, orders, profiles, events in, privacy and operation (docs/http-api.md). Limits that are settings are in that page.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["security"] = new JsonArray(new JsonObject { [BearerScheme] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = book.Write(),
                ["responses"] = new JsonObject(problems),
                ["securitySchemes"] = new JsonObject
                {
                    [BearerScheme] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key (sk_ID_SECRET), or a token of the identity provider. What a route needs is named beside the scheme." },
                },
            },
        });
    }

    private static JsonObject Operation(ApiRoute route, SchemaBook book, SortedDictionary<string, JsonNode?> problems)
    {
        var operation = new JsonObject { ["operationId"] = route.Operation, ["summary"] = route.Summary };
        if (route.Description is { } words) operation["description"] = words;
        operation["security"] = new JsonArray(new JsonObject { [BearerScheme] = route.Scope is { } scope ? new JsonArray(scope) : [] });
        var parameters = Parameters(route);
        if (parameters.Count > 0) operation["parameters"] = parameters;
        if (Body(route, book) is { } body) operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = body };
        operation["responses"] = Responses(route, book, problems);
        return operation;
    }

    private static JsonArray Parameters(ApiRoute route)
    {
        var parameters = new JsonArray();
        foreach (Match match in PathParameter().Matches(route.Pattern)) parameters.Add(Parameter(new QueryParameter(match.Groups[1].Value, "Name of the model"), "path"));
        foreach (var parameter in route.Query) parameters.Add(Parameter(parameter, "query"));
        foreach (var header in route.Headers) parameters.Add(Parameter(header, "header"));
        if (route.IsTagged) parameters.Add(Parameter(new QueryParameter("If-None-Match", "ETag of the answer that the caller has"), "header"));
        return parameters;
    }

    private static JsonObject Parameter(QueryParameter parameter, string place) => new()
    {
        ["name"] = parameter.Name,
        ["in"] = place,
        ["required"] = place == "path",
        ["description"] = parameter.Description,
        ["schema"] = parameter.Most is { } most ? new JsonObject { ["type"] = parameter.Type, ["minimum"] = 1, ["maximum"] = most } : new JsonObject { ["type"] = parameter.Type },
    };

    private static JsonObject? Body(ApiRoute route, SchemaBook book)
    {
        var content = route.RequestContent?.Invoke() ?? (route.Request is { } type ? new JsonObject { [JsonType] = new JsonObject { ["schema"] = book.Refer(type, isRequest: true) } } : null);
        if (content is not null && route.RequestExample is { } example) content[JsonType]!["example"] = JsonNode.Parse(example);
        return content;
    }

    private static JsonObject Responses(ApiRoute route, SchemaBook book, SortedDictionary<string, JsonNode?> problems)
    {
        var responses = new SortedDictionary<int, JsonObject>();
        foreach (var (status, words) in route.Success)
        {
            var media = new JsonObject { ["schema"] = route.Response is { } type ? book.Refer(type) : new JsonObject { ["type"] = "object" } };
            if (route.ResponseExample is { } example) media["example"] = JsonNode.Parse(example);
            responses[status] = new JsonObject { ["description"] = words, ["content"] = new JsonObject { [JsonType] = media } };
            if (route.IsTagged) responses[status]["headers"] = Header("ETag", "Tag of the body", "string");
        }

        if (route.IsTagged) responses[StatusCodes.Status304NotModified] = new JsonObject { ["description"] = "What the caller has is as it is now" };
        foreach (var kinds in OfTheGate.Where(k => k != ProblemKind.Forbidden || route.Scope is not null).Concat(route.Problems).Distinct().GroupBy(k => k.Status))
        {
            var name = string.Join("_or_", kinds.Select(k => k.Slug));
            problems.TryAdd(name, ProblemResponse([.. kinds]));
            responses[kinds.Key] = new JsonObject { ["$ref"] = $"#/components/responses/{name}" };
        }

        return new JsonObject(responses.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Key.ToString(CultureInfo.InvariantCulture), r.Value)));
    }

    private static JsonObject ProblemResponse(ProblemKind[] kinds)
    {
        var examples = new JsonObject();
        foreach (var kind in kinds) examples[kind.Slug] = new JsonObject { ["summary"] = kind.Title, ["value"] = Example(kind) };
        var response = new JsonObject
        {
            ["description"] = string.Join("; ", kinds.Select(k => k.Title)),
            ["content"] = new JsonObject { [ProblemType] = new JsonObject { ["schema"] = SchemaBook.Reference(nameof(Problem)), ["examples"] = examples } },
        };
        if (kinds[0].Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) response["headers"] = Header("Retry-After", "Seconds until asking again may help", "integer");
        return response;
    }

    private static JsonObject Header(string name, string description, string type) => new() { [name] = new JsonObject { ["description"] = description, ["schema"] = new JsonObject { ["type"] = type } } };

    private static JsonObject Example(ProblemKind kind) => new() { ["type"] = kind.Type, ["title"] = kind.Title, ["status"] = kind.Status, ["requestId"] = "019b7a3c5e8a7b1c9d2e4f5061728394" };

    private static byte[] Bytes(JsonObject document)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented)) document.WriteTo(writer);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
