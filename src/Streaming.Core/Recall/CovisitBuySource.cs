using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>What others bought with what the user bought or put into the cart.</summary>
internal sealed class CovisitBuySource : ICandidateGatherer
{
    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.CovisitBuy;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        context.Scores.Clear();
        var seeds = context.Seeds;
        seeds.Reset(context.Options.BuySeeds);
        foreach (ref readonly var bought in context.User.Bought.AsSpan(0, context.User.BoughtCount))
            seeds.Offer(bought.Item, context.RepeatWeight(bought.Weight, bought.LastMs));
        foreach (var (seed, weight, _) in seeds.Sorted()) CovisitScores.Add(context, seed, CovisitPair.BuyBuy, weight);

        var left = context.Options.BuySeeds;
        foreach (var seed in context.Mine.Latest)
        {
            if (context.Mine[seed].Carts == 0 || context.Mine[seed].Purchases > 0) continue;
            if (left-- == 0) break;
            CovisitScores.Add(context, seed, CovisitPair.CartBuy, 1f);
            CovisitScores.Add(context, seed, CovisitPair.BuyBuy, 1f);
        }

        context.Offer(into);
    }
}
