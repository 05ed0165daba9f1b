using Microsoft.AspNetCore.Http;
using Streaming.Api.Http;
using Streaming.Api.OpenApi;
using Streaming.Api.Ports;

namespace Streaming.Api.Routes;

/// <summary>Every route whose port is there, in the order of the document.</summary>
internal static class ApiRouteTable
{
    /// <summary>Every path there is; a test holds them against the table of a host that has every port.</summary>
    public static IReadOnlyList<string> Patterns { get; } =
    [
        "/v1/recommendations/query", "/v1/recommendations/batch", "/v1/rerank", "/v1/profiles/query", "/v1/events", "/v1/privacy/erasures", "/v1/privacy/exports", "/v1/dead-letters", "/v1/dead-letters/redrive", "/v1/models",
        "/v1/models/{name}/use", "/v1/models/{name}/rollback", "/v1/pause", "/openapi/v1.json",
    ];

    /// <summary>Makes the table.</summary>
    public static ApiRoutes Build(ApiPorts ports, ApiEnvironment environment)
    {
        ReadOnlyMemory<byte> document = default;
        var routes = new List<ApiRoute>();
        if (ports.Recommend is { } recommend) routes.AddRange(RecommendRoutes.Of(recommend));
        if (ports.Rerank is { } rerank) routes.Add(RerankRoute.Of(rerank));
        if (ports.Profile is { } profile) routes.Add(ProfileRoute.Of(profile));
        if (ports.Events is { } events) routes.Add(EventsRoute.Of(events, environment));
        if (ports.Erase is { } erase) routes.Add(PrivacyRoutes.Erase(erase));
        if (ports.Export is { } export) routes.Add(PrivacyRoutes.Export(export));
        if (ports.DeadLetters is { } letters) routes.AddRange(DeadLetterRoutes.Of(letters, environment.Options.Limits));
        if (ports.Models is { } models) routes.AddRange(ModelRoutes.Of(models));
        if (ports.Pause is { } pause) routes.AddRange(PauseRoutes.Of(pause));
        routes.Add(new ApiRoute(HttpMethods.Get, "/openapi/v1.json", null, _ => Task.FromResult(ApiReply.Tagged(document)))
        {
            Operation = "getOpenApi",
            Summary = "This document",
            Description = "With an ETag: ask with If-None-Match.",
            IsTagged = true,
        });
        document = OpenApiDocument.Build(routes, new SchemaBounds(environment.Options.Limits, environment.Decode));
        return new ApiRoutes(routes, document);
    }
}
