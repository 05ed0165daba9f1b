using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>Reads co-visitation: cosine with shrinkage, certain weight / √((count i + s)(count j + s)), all as of now.</summary>
internal static class CovisitScores
{
    /// <summary>Adds the partners of an item to the scores.</summary>
    /// <param name="context">The user at hand.</param>
    /// <param name="seed">Item to start from.</param>
    /// <param name="pair">Action pair.</param>
    /// <param name="weight">Weight of the seed.</param>
    public static void Add(RecallContext context, int seed, CovisitPair pair, float weight)
    {
        if (context.Index.Entry(seed) is not { } first || first.Partners[(int)pair] is not { } list) return;
        var shrinkage = context.Options.Shrinkage;
        var now = context.Index.Covisits.Decay.At(context.NowMs);
        var ofFirst = (First(first, pair) * now) + shrinkage;
        var partners = list.Partners;
        for (var i = 0; i < partners.Length; i++)
        {
            if (list.Support(i) < context.Options.MinSupport || context.Index.Entry(partners[i]) is not { } second) continue;
            var product = ofFirst * ((Second(second, pair) * now) + shrinkage);
            if (product > 0) context.Scores.Add(partners[i], weight * list.Certain(i) * now / MathF.Sqrt(product), seed);
        }
    }

    private static float First(ItemEntry entry, CovisitPair pair) => pair switch
    {
        CovisitPair.CartBuy => entry.Carted,
        CovisitPair.BuyBuy => entry.Bought,
        _ => entry.Viewed,
    };

    private static float Second(ItemEntry entry, CovisitPair pair) => pair switch
    {
        CovisitPair.ViewView => entry.Viewed,
        CovisitPair.ViewCart => entry.Carted,
        _ => entry.Bought,
    };
}
