using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>What the user bought before, by decayed number of purchases.</summary>
internal sealed class RepeatSource : ICandidateGatherer
{
    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.Repeat;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        foreach (ref readonly var bought in context.User.Bought.AsSpan(0, context.User.BoughtCount))
        {
            var weight = context.RepeatWeight(bought.Weight, bought.LastMs);
            if (into.Admits(bought.Item, weight) && !context.Eligibility.IsBlocked(bought.Item)) into.Offer(bought.Item, weight, bought.Item);
        }
    }
}
