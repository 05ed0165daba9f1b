using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>What others viewed or put into the cart after the items that the user looked at last.</summary>
internal sealed class CovisitViewSource : ICandidateGatherer
{
    /// <summary>Weight of each further item back in time.</summary>
    private const float PerStep = 0.85f;

    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.CovisitView;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        context.Scores.Clear();
        var weight = 1f;
        var latest = context.Mine.Latest;
        foreach (var seed in latest[..Math.Min(latest.Length, context.Options.ViewSeeds)])
        {
            CovisitScores.Add(context, seed, CovisitPair.ViewView, weight);
            CovisitScores.Add(context, seed, CovisitPair.ViewCart, weight);
            weight *= PerStep;
        }

        context.Offer(into);
    }
}
