using Streaming.Api.Wire;
using Streaming.Core.Events;

namespace Streaming.Api.Ports;

/// <summary>Asks the engine for a list.</summary>
public interface IRecommendPort
{
    /// <summary>What would be recommended now. For one who is unknown there may be a list too, with <see cref="PortOutcome.Unknown"/>.</summary>
    /// <param name="request">Whom, where and how; ids are in their canonical form.</param>
    /// <param name="cancellation">Ends at the request's time limit.</param>
    Task<PortResult<RecommendationReply>> RecommendAsync(RecommendRequest request, CancellationToken cancellation);
}

/// <summary>A checked request for a list.</summary>
/// <param name="User">User or guest.</param>
/// <param name="Surface">Where it is to be shown.</param>
/// <param name="Count">Most items.</param>
/// <param name="ContextItems">Items the visitor looks at now, newest last.</param>
/// <param name="Exclude">Items that must not be in the list.</param>
/// <param name="Category">Only items of it; null: of all.</param>
/// <param name="PageToken">Where the former page ended; null: the first.</param>
/// <param name="TimeLimit">The answer is of no use later.</param>
public sealed record RecommendRequest(UserKey User, string Surface, int Count, IReadOnlyList<string> ContextItems, IReadOnlyList<string> Exclude, string? Category, string? PageToken, TimeSpan TimeLimit);
