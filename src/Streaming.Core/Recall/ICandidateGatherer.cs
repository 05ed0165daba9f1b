using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>One source of candidates.</summary>
internal interface ICandidateGatherer
{
    /// <summary>Which.</summary>
    CandidateSource Source { get; }

    /// <summary>Offers its best items for the user at hand; scores are the source's own, higher is better, positive.</summary>
    void Gather(RecallContext context, TopItems into);
}
