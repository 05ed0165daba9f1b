using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Prometheus;
using Streaming.Core.Events;
using Streaming.Host.Settings;

namespace Streaming.Host.Http;

/// <summary>The node's HTTP surface.</summary>
internal static class EngineEndpoints
{
    private const string UsersPath = "/users/", RecommendationsPath = "/recommendations/";
    private const int MaxListLength = 100;

    /// <summary>Maps /metrics, /health/live, /health/ready, /status, /users/{id} and /recommendations/{id}.</summary>
    public static void Map(IEndpointRouteBuilder routes, IEngineView engine, CollectorRegistry registry, HttpOptions options)
    {
        routes.MapMetrics("/metrics", registry);
        // Alive means only that this process answers: a slow broker must never make a supervisor kill it.
        routes.MapGet("/health/live", () => TypedResults.Text("alive\n"));
        routes.MapGet("/health/ready", () =>
        {
            var checks = engine.Readiness();
            var report = new ReadinessReport(checks.All(c => c.IsReady), checks);
            return TypedResults.Json(report, HostJson.Default.ReadinessReport, statusCode: report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
        routes.MapGet("/status", () => TypedResults.Json(engine.Status(), HostJson.Default.EngineStatus));
        routes.MapGet(UsersPath + "{**id}", (HttpContext context, bool? guest, CancellationToken cancellation) => FindUserAsync(engine, IdOf(context, UsersPath), guest, options.QueryTimeout, cancellation));
        routes.MapGet(RecommendationsPath + "{**id}", (HttpContext context, bool? guest, int? count, CancellationToken cancellation) => RecommendAsync(engine, IdOf(context, RecommendationsPath), guest, count, options.QueryTimeout, cancellation));
    }

    /// <summary>Says that the HTTP interface is off to who looks for it.</summary>
    public static void MapNoApi(IEndpointRouteBuilder routes)
    {
        foreach (var root in (string[])["/v1/{**rest}", "/openapi/{**rest}"])
            routes.Map(root, () => TypedResults.Problem("The HTTP interface is off: set Api:Auth:KeysFile or Api:Auth:Jwt:Issuer, and Api:Privacy:HashSalt.", statusCode: StatusCodes.Status404NotFound));
    }

    // Routing leaves %2F in a path as it is and decodes everything else, so that the two could not be told apart: ids are read from the raw target.
    private static string IdOf(HttpContext context, string path)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return Uri.UnescapeDataString(query < 0 ? target[path.Length..] : target[path.Length..query]);
    }

    // Without ?guest the id may be either: a known user first, else a guest.
    private static async Task<Results<Utf8ContentHttpResult, StatusCodeHttpResult>> FindUserAsync(IEngineView engine, string id, bool? guest, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(timeout);
        try
        {
            var found = guest == true ? default : await engine.FindUserAsync(UserKey.User(id), limited.Token);
            if (guest != false && (guest == true || found.Outcome == UserLookupOutcome.Unknown)) found = await engine.FindUserAsync(UserKey.Guest(id), limited.Token);
            if (found.Outcome != UserLookupOutcome.Found) return TypedResults.StatusCode(StatusOf(found.Outcome));
            // Unreadable is not unknown: an incomplete profile must not pass for that of somebody new.
            return TypedResults.Text(found.Json.Span, "application/json", IsDegraded(found.Json.Span) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status504GatewayTimeout);
        }
    }

    // Without ?guest the id may be either: a known user first, else a guest. Whoever is neither gets what anybody would get, and the answer says so (degraded).
    private static async Task<Results<Utf8ContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> RecommendAsync(IEngineView engine, string id, bool? guest, int? count, TimeSpan timeout, CancellationToken cancellation)
    {
        if (count is < 1 or > MaxListLength) return TypedResults.Problem($"count must be 1 to {MaxListLength}, not {count}", statusCode: StatusCodes.Status400BadRequest);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(timeout);
        try
        {
            var found = guest == true ? default : await engine.RecommendAsync(UserKey.User(id), count ?? 0, limited.Token);
            if (guest == true || (guest is null && found.Outcome == UserLookupOutcome.Unknown))
            {
                var asGuest = await engine.RecommendAsync(UserKey.Guest(id), count ?? 0, limited.Token);
                if (guest == true || asGuest.Outcome != UserLookupOutcome.Unknown) found = asGuest;
            }

            return found.Json.IsEmpty ? TypedResults.StatusCode(StatusOf(found.Outcome)) : TypedResults.Text(found.Json.Span, "application/json");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status504GatewayTimeout);
        }
    }

    private static bool IsDegraded(ReadOnlySpan<byte> profile)
    {
        var reader = new Utf8JsonReader(profile);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("degraded"u8)) continue;
            reader.Read();
            return reader.TokenType == JsonTokenType.True;
        }

        return false;
    }

    private static int StatusOf(UserLookupOutcome outcome) => outcome switch
    {
        UserLookupOutcome.Unknown => StatusCodes.Status404NotFound,
        UserLookupOutcome.Unavailable => StatusCodes.Status503ServiceUnavailable,
        UserLookupOutcome.TimedOut => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
