namespace Streaming.Core.Recall;

/// <summary>Wire names of candidate sources and the reason codes that go with them.</summary>
public static class SourceNames
{
    private static readonly string[] Names = ["session_neighbours", "covisit_view", "covisit_buy", "nearest", "popular", "trending", "repeat"];
    private static readonly string[] Reasons =
        ["sessions_like_yours", "because_viewed", "bought_together", "near_your_interests", "popular_now", "trending_now", "buy_again"];

    /// <summary>Wire name, e.g. <c>covisit_view</c>.</summary>
    public static string WireName(CandidateSource source) => Names[(int)source];

    /// <summary>Reason code, e.g. <c>because_viewed</c>.</summary>
    public static string ReasonCode(CandidateSource source) => Reasons[(int)source];
}
