using Streaming.Training.History;
using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Segments.Report;

/// <summary>Computes the report: 1 who belongs where, 2 segments in order of value, 3 figures within, 4 figures between, 5 rules.</summary>
internal static class SegmentReportBuilder
{
    private const int MostItems = 8;
    private const ulong MapSeed = 0x6d61, EffectSeed = 0x6566;

    /// <summary>Builds a report.</summary>
    /// <param name="history">Events and catalogue.</param>
    /// <param name="model">Segments.</param>
    /// <param name="customers">Customers at the history's end.</param>
    /// <param name="moves">Moves between the last refits, if any.</param>
    /// <param name="rules">Rules by hand, if any.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static SegmentReport Build(TrainingHistory history, SegmentModel model, IReadOnlyList<CustomerBehaviour> customers, SegmentMoves? moves, RuleSet? rules, int seed, CancellationToken cancellation = default)
    {
        double[][] points = [.. customers.Select(model.Scale.Point)];
        int[] nearest = [.. points.Select(p => KMeans.Nearest(p, model.Centres))]; // 1
        var order = Order(customers, nearest, model.Centres.Length); // 2
        int[] belongs = [.. nearest.Select(n => Array.IndexOf(order, n))];
        string[] names = [.. order.Select(o => model.Names[o])];
        double[][] centres = [.. order.Select(o => model.Centres[o])];
        int[][] members = [.. Enumerable.Range(0, order.Length).Select(s => Enumerable.Range(0, belongs.Length).Where(i => belongs[i] == s).ToArray())];
        double[]?[] shown = [.. centres.Select((c, s) => SmallGroups.Hides(members[s].Length) ? null : c)];
        ReportBehaviour[] behaviours = [.. ReportBehaviour.All.Where(b => customers.Select(b.Of).Where(double.IsFinite).Distinct().Skip(1).Any())];
        double[][] values = [.. behaviours.Select(b => customers.Select(b.Of).ToArray())];
        var deltas = new CliffsDelta(values);
        var segmentOf = customers.Select((c, i) => (c.User, Segment: belongs[i])).ToDictionary(p => p.User, p => p.Segment, StringComparer.Ordinal);
        var items = ItemLift.Of(history, segmentOf, [.. members.Select(m => m.Length)], MostItems);
        var valueShares = ValueShares(customers, members);
        return new SegmentReport
        {
            Data = (history.Events[0].AtMs, history.Events[^1].AtMs), Customers = customers.Count, Silhouette = members.Any(m => SmallGroups.Hides(m.Length)) ? null : KMeans.Silhouette(points, model.Centres), Behaviours = behaviours, All = [.. values.Select(v => Quartiles.Of(v))],
            Segments = [.. names.Select((name, s) => Within(name, customers, members, s, points, centres, values, deltas, valueShares[s], items, seed, cancellation))], // 3
            Distances = [.. shown.Select(a => shown.Select(b => a is null || b is null ? (double?)null : Math.Sqrt(KMeans.Squared(a, b))).ToArray())], // 4
            Map = SegmentMap.Of(points, [.. belongs.Select(b => shown[b] is null ? -1 : b)], shown, Seed(seed, MapSeed)),
            Moves = moves, Items = items, Draws = deltas.Draws, Rules = rules is null ? [] : RuleOverlap.Of(rules.Rules, model, customers, belongs, names), // 5
        };
    }

    // Former numbers in the report's order: by value, what is too small to speak of last.
    private static int[] Order(IReadOnlyList<CustomerBehaviour> customers, int[] nearest, int segments)
    {
        var (counts, value) = (new int[segments], new double[segments]);
        for (var i = 0; i < nearest.Length; i++)
        {
            counts[nearest[i]]++;
            value[nearest[i]] += customers[i].Amount;
        }

        return [.. Enumerable.Range(0, segments).OrderBy(s => counts[s] < SmallGroups.Least).ThenByDescending(s => counts[s] < SmallGroups.Least ? 0 : value[s])];
    }

    /// <summary>Share of value of each segment; null where it, or with it that of the few whose own is not shown, would be known.</summary>
    internal static double?[] ValueShares(IReadOnlyList<CustomerBehaviour> customers, int[][] members)
    {
        var all = customers.Sum(c => c.Amount);
        var shares = members.Select(m => m.Length < SmallGroups.Least || all <= 0 ? (double?)null : m.Sum(i => customers[i].Amount) / all).ToArray();
        var hidden = members.Where(m => m.Length < SmallGroups.Least).Sum(m => m.Length);
        if (SmallGroups.Hides(hidden) && Enumerable.Range(0, shares.Length).Where(s => shares[s] is not null).OrderBy(s => members[s].Length).Select(s => (int?)s).FirstOrDefault() is { } smallest) shares[smallest] = null;
        return shares;
    }

    private static SegmentFigures Within(
        string name, IReadOnlyList<CustomerBehaviour> customers, int[][] members, int s, double[][] points, double[][] centres, double[][] values, CliffsDelta deltas, double? valueShare, ItemLifts items, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var inside = members[s];
        if (inside.Length < SmallGroups.Least) return new SegmentFigures(name, SmallGroups.Shown(inside.Length), inside.Length == 0 ? 0 : null, valueShare, [.. values.Select(_ => (Quartiles?)null)], [.. values.Select(_ => (Effect?)null)], null, null, []);
        double[][] own = [.. inside.Select(i => points[i])];
        double?[] spread = [.. Enumerable.Range(0, own[0].Length).Select(f => Spread(customers, inside, points, f))];
        return new SegmentFigures(name, inside.Length, (double)inside.Length / customers.Count, valueShare, [.. values.Select(v => Quartiles.Of(inside.Select(i => v[i])))], Effects(members, s, values, deltas, seed), KMeans.Silhouette(own, centres), spread, items.Of[s]);
    }

    private static Effect?[] Effects(int[][] members, int s, double[][] values, CliffsDelta deltas, int seed)
    {
        int[] inside = members[s], outside = [.. members.Where((_, o) => o != s).SelectMany(m => m).Order()];
        if (outside.Length < SmallGroups.Least) return new Effect?[values.Length];
        var intervals = deltas.Intervals(inside, outside, Seed(seed, EffectSeed + (ulong)s));
        return [.. values.Select((v, b) => Quartiles.Of(inside.Select(i => v[i])) is null || Quartiles.Of(outside.Select(i => v[i])) is not { } rest
            ? null
            : Effect(deltas.Pairs(b, inside, outside), intervals[b], rest.Median))];
    }

    // Of whom the feature is known: others stand at the mean, and would look alike.
    private static double? Spread(IReadOnlyList<CustomerBehaviour> customers, int[] inside, double[][] points, int feature)
    {
        double[] Known(IEnumerable<int> of) => [.. of.Where(i => double.IsFinite(customers[i].Features[feature])).Select(i => points[i][feature])];
        var own = Known(inside);
        return own.Length < SmallGroups.Least ? null : Deviation(own, Deviation(Known(Enumerable.Range(0, points.Length)), 1));
    }

    private static Effect Effect((double Above, double Below) pairs, (double Low, double High) interval, double restMedian) => new(pairs.Above - pairs.Below, interval.Low, interval.High, restMedian, pairs.Above, pairs.Below);

    private static double Deviation(double[] values, double unit)
    {
        var mean = values.Average();
        return unit > 0 ? Math.Sqrt(values.Average(v => (v - mean) * (v - mean))) / unit : 0;
    }

    private static ulong Seed(int seed, ulong part) => ((ulong)(uint)seed * 1_000_003) + part;
}
