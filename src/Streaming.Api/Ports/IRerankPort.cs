using Streaming.Api.Wire;
using Streaming.Core.Events;

namespace Streaming.Api.Ports;

/// <summary>Puts a list that the shop's search found into the order that suits a person.</summary>
public interface IRerankPort
{
    /// <summary>The same items in another order, the first <see cref="RerankRequest.Count"/> of them.</summary>
    Task<PortResult<RerankReply>> RerankAsync(RerankRequest request, CancellationToken cancellation);
}

/// <summary>A checked request for an order.</summary>
/// <param name="User">User or guest.</param>
/// <param name="Surface">Where it is to be shown.</param>
/// <param name="Query">The search's words; null: none given.</param>
/// <param name="Items">What was found, best first, each once.</param>
/// <param name="Count">Most items of the answer.</param>
/// <param name="TimeLimit">The answer is of no use later.</param>
public sealed record RerankRequest(UserKey User, string Surface, string? Query, IReadOnlyList<string> Items, int Count, TimeSpan TimeLimit);
