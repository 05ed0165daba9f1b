using System.Text.Json;
using Streaming.Api.Ports;
using Streaming.Api.Wire;
using Streaming.Host.Http;

namespace Streaming.Host.Ports;

/// <summary>Lists from the shard that owns the user. What the engine cannot do yet is refused by the field that asks for it, never left out silently; while outputs are paused nobody gets a list.</summary>
/// <param name="engine">The engine.</param>
/// <param name="pause">The pause switch.</param>
/// <param name="surface">The engine's one surface.</param>
internal sealed class ListPort(IEngineView engine, PausePort pause, string surface) : IRecommendPort
{
    /// <inheritdoc/>
    public async Task<PortResult<RecommendationReply>> RecommendAsync(RecommendRequest request, CancellationToken cancellation)
    {
        if (Refusal(request) is { } refusal) return refusal;
        if (await pause.IsPausedAsync(cancellation)) return PortResult<RecommendationReply>.Not(PortOutcome.Unavailable, "Outputs are paused.");
        var found = await engine.RecommendAsync(request.User, request.Count, cancellation);
        var list = found.Json.IsEmpty ? null : JsonSerializer.Deserialize(found.Json.Span, ApiJson.Default.RecommendationReply);
        return new PortResult<RecommendationReply>(PortOutcomes.Of(found.Outcome), list);
    }

    private PortResult<RecommendationReply>? Refusal(RecommendRequest request)
    {
        if (request.Surface != surface) return PortResult<RecommendationReply>.Refuse("surface", $"The engine makes lists for surface '{surface}' alone.");
        if (request.ContextItems.Count > 0) return PortResult<RecommendationReply>.Refuse("contextItems", "The engine takes no items of the moment: send a view, and ask then.");
        if (request.Exclude.Count > 0) return PortResult<RecommendationReply>.Refuse("exclude", "The engine leaves out no items by request.");
        if (request.Category is not null) return PortResult<RecommendationReply>.Refuse("category", "The engine makes lists of all categories alone.");
        return request.PageToken is null ? null : PortResult<RecommendationReply>.Refuse("pageToken", "The engine has no pages: ask for more items.");
    }
}
