using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>Items in sudden demand, by z.</summary>
internal sealed class TrendingSource : ICandidateGatherer
{
    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.Trending;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        foreach (var (item, z, _) in context.Index.Lists.Trending)
        {
            if (!context.Eligibility.IsBlocked(item)) into.Offer(item, z);
        }
    }
}
