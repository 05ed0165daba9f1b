using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Routes;

/// <summary>Lists: one, and several at once. Ids of people are in bodies, never in addresses, which every proxy writes into its log.</summary>
internal static class RecommendRoutes
{
    private const string ListExample = """
        {"recommendationId":"q-3-5120-9c1185a5c5e9fc54-home","userId":"u4711","surface":"home","items":[{"itemId":"i42","rank":1,"score":0.93,"source":"session_neighbours","reason":"because_viewed","because":"i17"}],"modelVersion":"ranker-7","appliedEvents":5120,"occurredAt":1767225600051,"emittedAt":1767225600070}
        """;

    /// <summary>The two routes.</summary>
    public static IEnumerable<ApiRoute> Of(IRecommendPort port)
    {
        yield return new ApiRoute(HttpMethods.Post, "/v1/recommendations/query", ApiScopes.RecommendationsRead, call => OneAsync(call, port))
        {
            Operation = "recommend",
            Summary = "What would be recommended to a user or guest now",
            Description = "Worked out by the user's shard with its next batch. Who is unknown gets what anybody would get, where the engine has that; degraded says so.",
            Request = ApiJson.Default.RecommendQuery,
            Response = ApiJson.Default.RecommendationReply,
            Success = [(StatusCodes.Status200OK, "A list")],
            RequestExample = """{"userId":"u4711","surface":"home","count":10,"contextItems":["i17"],"exclude":["i3"],"category":"shoes","timeLimitMs":200}""",
            ResponseExample = ListExample,
            Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.SurfaceNotAllowed, ProblemKind.Unknown, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.NotPossible, ProblemKind.TimedOut],
        };
        yield return new ApiRoute(HttpMethods.Post, "/v1/recommendations/batch", ApiScopes.RecommendationsRead, call => BatchAsync(call, port))
        {
            Operation = "recommendBatch",
            Summary = "Lists for several users at once",
            Description = "Each question has its own status: one that fails does not keep the others back. A surface that the key is not for refuses the whole request. Time limits run for all questions from when the body is whole.",
            Request = ApiJson.Default.RecommendBatch,
            Response = ApiJson.Default.BatchReply,
            Success = [(StatusCodes.Status200OK, "One result a question, in their order")],
            RequestExample = """{"queries":[{"userId":"u4711","count":10},{"anonymousId":"g1"}]}""",
            ResponseExample = "{\"results\":[{\"status\":200,\"list\":" + ListExample + "},{\"status\":404,\"problem\":{\"type\":\"urn:streaming:problem:unknown\",\"title\":\"There is no such user, model or record\",\"status\":404}}]}",
            Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.SurfaceNotAllowed, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType],
        };
    }

    private static async Task<ApiReply> OneAsync(ApiCall call, IRecommendPort port)
    {
        var (query, refusal) = await call.ReadAsync(ApiJson.Default.RecommendQuery).ConfigureAwait(false);
        if (query is null) return refusal!;
        var request = Check(call, query, out refusal);
        if (refusal is not null) return refusal;
        var (list, failure) = await AskAsync(call, port, request!).ConfigureAwait(false);
        return list is not null ? ApiReply.Json(list, ApiJson.Default.RecommendationReply) : failure!;
    }

    private static async Task<ApiReply> BatchAsync(ApiCall call, IRecommendPort port)
    {
        var (batch, refusal) = await call.ReadAsync(ApiJson.Default.RecommendBatch).ConfigureAwait(false);
        if (batch is null) return refusal!;
        var limits = call.Environment.Options.Limits;
        if (batch.Queries is not { Count: > 0 } queries || queries.Count > limits.MaxQueries) return ApiReply.Error(ProblemKind.InvalidField, $"There must be 1 to {limits.MaxQueries}.", "queries");
        var requests = new RecommendRequest?[queries.Count];
        var results = new BatchResult[queries.Count];
        for (var i = 0; i < requests.Length; i++)
        {
            if (queries[i] is not { } query) return ApiReply.Error(ProblemKind.InvalidField, "It must be there.", $"queries[{i}]");
            requests[i] = Check(call, query, out var wrong);
            if (wrong?.Status == StatusCodes.Status403Forbidden) return wrong;
            if (wrong is not null) results[i] = new BatchResult { Status = wrong.Status, Problem = wrong.Problem };
        }

        if (call.Charge(requests.Length - 1) is { } limited) return limited;
        var time = call.Environment.Time;
        var started = time.GetTimestamp();
        await Parallel.ForAsync(0, requests.Length, new ParallelOptions { MaxDegreeOfParallelism = limits.BatchConcurrency, CancellationToken = call.Aborted }, async (i, _) =>
        {
            if (requests[i] is not { } request) return;
            // The limits of all run at once: that a question waits for others is none of its caller's time.
            var left = request.TimeLimit - time.GetElapsedTime(started);
            var (list, failure) = left > TimeSpan.Zero ? await AskAsync(call, port, request with { TimeLimit = left }).ConfigureAwait(false) : (null, ApiReply.Error(ProblemKind.TimedOut));
            results[i] = list is not null ? new BatchResult { Status = StatusCodes.Status200OK, List = list } : new BatchResult { Status = failure!.Status, Problem = failure.Problem };
        }).ConfigureAwait(false);
        return ApiReply.Json(new BatchReply { Results = results }, ApiJson.Default.BatchReply);
    }

    private static RecommendRequest? Check(ApiCall call, RecommendQuery query, out ApiReply? refusal)
    {
        var limits = call.Environment.Options.Limits;
        var checks = call.Checks();
        var request = new RecommendRequest(
            checks.Person(query.UserId, query.AnonymousId),
            checks.Word("surface", query.Surface) ?? call.Environment.DefaultSurface,
            checks.Number("count", query.Count, limits.DefaultCount, 1, limits.MaxCount),
            checks.Ids("contextItems", query.ContextItems, limits.MaxContextItems),
            checks.Ids("exclude", query.Exclude, limits.MaxExcluded),
            checks.Text("category", query.Category),
            checks.Token("pageToken", query.PageToken),
            checks.Time(query.TimeLimitMs));
        refusal = checks.Refusal ?? SurfaceRefusal(call, request.Surface);
        return refusal is null ? request : null;
    }

    /// <summary>The refusal of a surface that the caller's key is not for.</summary>
    public static ApiReply? SurfaceRefusal(ApiCall call, string surface) =>
        call.Caller.MayShow(surface) ? null : ApiReply.Error(ProblemKind.SurfaceNotAllowed, null, "surface") with { Reason = "surface" };

    private static async Task<(RecommendationReply? List, ApiReply? Failure)> AskAsync(ApiCall call, IRecommendPort port, RecommendRequest request)
    {
        var result = await call.AskAsync(request.TimeLimit, cancellation => port.RecommendAsync(request, cancellation)).ConfigureAwait(false);
        return result is { Outcome: PortOutcome.Found or PortOutcome.Unknown, Value: { } list } ? (list, null) : (null, ApiReply.Of(result));
    }
}
