using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Routes;

/// <summary>The order of a list that the shop's search found.</summary>
internal static class RerankRoute
{
    /// <summary>The route.</summary>
    public static ApiRoute Of(IRerankPort port) => new(HttpMethods.Post, "/v1/rerank", ApiScopes.RecommendationsRead, call => AskAsync(call, port))
    {
        Operation = "rerank",
        Summary = "The order of a found list that suits a user or guest",
        Description = "The answer holds items of the request and no others, each once.",
        Request = ApiJson.Default.RerankQuery,
        Response = ApiJson.Default.RerankReply,
        Success = [(StatusCodes.Status200OK, "The items, best first")],
        RequestExample = """{"userId":"u4711","surface":"search","query":"red shoes","items":["i1","i2","i3"],"count":2}""",
        ResponseExample = """{"items":[{"itemId":"i3","rank":1,"score":0.7},{"itemId":"i1","rank":2,"score":0.4}],"modelVersion":"ranker-7"}""",
        Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.SurfaceNotAllowed, ProblemKind.Unknown, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.NotPossible, ProblemKind.TimedOut],
    };

    private static async Task<ApiReply> AskAsync(ApiCall call, IRerankPort port)
    {
        var (query, refusal) = await call.ReadAsync(ApiJson.Default.RerankQuery).ConfigureAwait(false);
        if (query is null) return refusal!;
        var limits = call.Environment.Options.Limits;
        var checks = call.Checks();
        var user = checks.Person(query.UserId, query.AnonymousId);
        var surface = checks.Word("surface", query.Surface) ?? call.Environment.DefaultSurface;
        var items = checks.Ids("items", query.Items, limits.MaxRerankItems, 1);
        if (items.Distinct(StringComparer.Ordinal).Count() != items.Count) checks.Refuse("items", "Each item must be there once.");
        var request = new RerankRequest(user, surface, checks.Text("query", query.Query), items, checks.Number("count", query.Count, items.Count, 1, Math.Max(1, items.Count)), checks.Time(query.TimeLimitMs));
        if ((checks.Refusal ?? RecommendRoutes.SurfaceRefusal(call, surface)) is { } wrong) return wrong;
        var result = await call.AskAsync(request.TimeLimit, cancellation => port.RerankAsync(request, cancellation)).ConfigureAwait(false);
        if (result is not { Outcome: PortOutcome.Found or PortOutcome.Unknown, Value: { } reply }) return ApiReply.Of(result);
        var order = reply.Items.Select(i => i.ItemId).ToHashSet(StringComparer.Ordinal);
        if (order.Count != reply.Items.Count || reply.Items.Count > request.Count || order.Except(items).Any()) throw new InvalidOperationException("The port's order holds items that were not asked for, or one twice, or too many.");
        return ApiReply.Json(reply, ApiJson.Default.RerankReply);
    }
}
