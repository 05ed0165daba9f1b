using Streaming.Core.Recall;

namespace Streaming.Core.Rerank;

/// <summary>The reasons on the wire: each follows from the source that brought the item, so it is true.</summary>
public static class ReasonCodes
{
    private static readonly string[] Reasons =
        ["sessions_like_yours", "because_viewed", "bought_together", "near_your_interests", "popular_now", "trending_now", "buy_again"];

    private static readonly string[] Sources =
        ["session_neighbours", "covisit_view", "covisit_buy", "nearest", "popular", "trending", "repeat"];

    /// <summary>Reason code of a source, e.g. <c>because_viewed</c>.</summary>
    public static string Reason(CandidateSource source) => Reasons[(int)source];

    /// <summary>Wire name of a source, e.g. <c>session_neighbours</c>.</summary>
    public static string WireName(CandidateSource source) => Sources[(int)source];
}
