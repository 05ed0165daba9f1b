using Streaming.Contracts;
using Streaming.Training.Experiments;
using Streaming.Training.History;

namespace Streaming.Training.Segments.Report;

/// <summary>
/// What a segment buys more of than all do. Counted are customers who bought a thing, each once: nobody weighs by buying often. Lift is the thing's share of what the segment's customers bought over its share of what all did, so that a segment of many purchases does not stand out in everything.
/// Ranked by the log-odds against the rest with a prior of the average mix, <see cref="Prior"/> purchases or a tenth of all if that is less, over its standard error (Monroe, Colaresi and Quinn, "Fightin' words", 2008): a thing that few bought does not win by chance.
/// </summary>
internal static class ItemLift
{
    /// <summary>Greatest weight of the prior, in purchases.</summary>
    public const double Prior = 500;
    /// <summary>Least share of a segment's customers who bought a thing that is named.</summary>
    public const double LeastSupport = 0.01;
    private const double Significance = 0.05;

    /// <summary>Counts and ranks.</summary>
    /// <param name="history">Events and catalogue.</param>
    /// <param name="segmentOf">Number of each customer's segment.</param>
    /// <param name="sizes">Customers of each segment.</param>
    /// <param name="most">Most things a segment.</param>
    public static ItemLifts Of(TrainingHistory history, IReadOnlyDictionary<string, int> segmentOf, int[] sizes, int most)
    {
        var catalog = new Dictionary<string, CatalogItem>(StringComparer.Ordinal);
        foreach (var item in history.Catalog) catalog[item.ItemId] = item;
        var bought = history.Events.Where(e => e is { Type: EventType.Purchase, ItemId: not null, IsGuest: false } && segmentOf.ContainsKey(e.UserId)).Select(e => (e.UserId, Item: e.ItemId!)).Distinct().ToArray();
        var areCategories = bought.Length > 0 && 2 * bought.Count(b => catalog.GetValueOrDefault(b.Item)?.Category is not null) >= bought.Length;
        var things = bought.Select(b => (b.UserId, Thing: areCategories ? catalog.GetValueOrDefault(b.Item)?.Category : b.Item)).Where(b => b.Thing is not null).Distinct();
        var counts = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        var totals = new long[sizes.Length];
        foreach (var (user, thing) in things)
        {
            if (!counts.TryGetValue(thing!, out var count)) counts.Add(thing!, count = new int[sizes.Length]);
            count[segmentOf[user]]++;
            totals[segmentOf[user]]++;
        }

        var all = totals.Sum();
        var tested = sizes.Select(size => (int)Math.Ceiling(Math.Max(SmallGroups.Least, size * LeastSupport))).ToArray();
        // Whether a thing is looked at goes by all who bought it: by those of the segment alone, what chance brought above the line would not count as looked at where it fell below.
        var candidates = Enumerable.Range(0, sizes.Length).Sum(s => counts.Count(c => c.Value.Sum() >= tested[s] && totals[s] < all));
        var leastZ = candidates == 0 ? 0 : UpperNormal(Significance / candidates);
        var found = Enumerable.Range(0, sizes.Length).Select(s => counts.Where(c => c.Value[s] >= tested[s] && totals[s] < all)
            .Select(c => Figure(areCategories ? c.Key : catalog.GetValueOrDefault(c.Key)?.Title ?? c.Key, c.Value[s], c.Value.Sum(), totals[s], all, sizes[s]))
            .Where(i => i.Z >= leastZ && i.Lift > 1).OrderByDescending(i => i.Z).Take(most).ToArray());
        return new ItemLifts(areCategories, candidates, leastZ, [.. found]);
    }

    /// <summary>Figures of one thing.</summary>
    /// <param name="name">As shown.</param>
    /// <param name="inside">Customers of the segment who bought it.</param>
    /// <param name="everybody">Customers who bought it.</param>
    /// <param name="insideTotal">Sum of <paramref name="inside"/> over all things.</param>
    /// <param name="total">Sum of <paramref name="everybody"/> over all things.</param>
    /// <param name="customers">Customers of the segment.</param>
    public static ItemFigures Figure(string name, int inside, int everybody, long insideTotal, long total, int customers)
    {
        var weight = Math.Min(Prior, total / 10.0);
        var prior = weight * everybody / total;
        double Odds(double count, double of) => Math.Log((count + prior) / (of + weight - count - prior));
        var delta = Odds(inside, insideTotal) - Odds(everybody - inside, total - insideTotal);
        var error = Math.Sqrt((1 / (inside + prior)) + (1 / (everybody - inside + prior)));
        return new ItemFigures(name, inside, (double)inside / customers, (double)inside / insideTotal * total / everybody, delta / error);
    }

    // The z beyond which a standard normal lies with probability p < 0.5: the upper tail is Erfc(z / √2) / 2, halved until it stands still.
    private static double UpperNormal(double p)
    {
        var (low, high) = (0.0, 12.0);
        for (var i = 0; i < 80; i++)
        {
            var middle = (low + high) / 2;
            if (SpecialFunctions.Erfc(middle / Math.Sqrt(2)) / 2 > p) low = middle;
            else high = middle;
        }

        return high;
    }
}
