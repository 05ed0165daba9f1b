namespace Streaming.Training.Segments;

/// <summary>
/// Fits segments. Rule for k: of 4 to 12, those whose smallest segment holds at least 3 % of the customers; of these the one with the greatest simplified silhouette, at equality the fewest. A refit keeps k and goes on from the former centres,
/// unless a segment would fall below 3 % or a fit anew has a silhouette greater by 0.05. Names are matched to the former ones by the nearest centres.
/// </summary>
internal static class SegmentFitter
{
    /// <summary>Fewest and most segments.</summary>
    public const int Fewest = 4, Most = 12;

    /// <summary>Least share of a segment.</summary>
    public const double LeastShare = 0.03;

    /// <summary>Fewest customers that are fitted on.</summary>
    public const int LeastCustomers = 100;

    private const double WorthANewStart = 0.05;

    /// <summary>Fits.</summary>
    /// <param name="customers">At least <see cref="LeastCustomers"/>.</param>
    /// <param name="former">The model before; null: none.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="InvalidDataException">Too few customers.</exception>
    public static SegmentModel Fit(IReadOnlyList<CustomerBehaviour> customers, SegmentModel? former, int seed)
    {
        if (customers.Count < LeastCustomers) throw new InvalidDataException($"{customers.Count} customers with a purchase; {LeastCustomers} are needed for segments");
        var scale = BehaviourScale.Fit(customers);
        double[][] points = [.. customers.Select(scale.Point)];
        var centres = Anew(points, seed);
        var rfm = RfmQuintiles.Fit(customers);
        if (former is null) return new SegmentModel(scale, centres, NamesOf(centres, []), rfm);
        double[][] old = [.. former.Centres.Select(c => scale.Convert(c, former.Scale))];
        var continued = KMeans.From(points, old);
        if (Smallest(points, continued) >= LeastShare && KMeans.Silhouette(points, continued) > KMeans.Silhouette(points, centres) - WorthANewStart) centres = continued;
        var matched = SegmentMatching.Match(centres, old);
        return new SegmentModel(scale, centres, NamesOf(centres, [.. matched.Select(m => m < 0 ? null : former.Names[m])]), rfm);
    }

    /// <summary>Share of the smallest segment.</summary>
    public static double Smallest(double[][] points, double[][] centres)
    {
        var counts = new int[centres.Length];
        foreach (var point in points) counts[KMeans.Nearest(point, centres)]++;
        return (double)counts.Min() / points.Length;
    }

    private static double[][] Anew(double[][] points, int seed)
    {
        var (best, greatest) = ((double[][]?)null, double.NegativeInfinity);
        double[][]? fewest = null;
        for (var k = Fewest; k <= Most; k++)
        {
            var centres = KMeans.Fit(points, k, (ulong)seed);
            fewest ??= centres;
            if (Smallest(points, centres) < LeastShare) continue;
            var silhouette = KMeans.Silhouette(points, centres);
            if (silhouette > greatest + 1e-9) (best, greatest) = (centres, silhouette);
        }

        // Where customers are all alike no k has large enough segments: the fewest then.
        return best ?? fewest!;
    }

    /// <summary>Former names where there are; else the two features by which a centre stands out, with a number where two would be called the same.</summary>
    private static string[] NamesOf(double[][] centres, string?[] former)
    {
        var names = new string[centres.Length];
        var taken = new HashSet<string>(former.OfType<string>(), StringComparer.Ordinal);
        for (var c = 0; c < centres.Length; c++)
        {
            if (former.ElementAtOrDefault(c) is { } kept)
            {
                names[c] = kept;
                continue;
            }

            var features = Enumerable.Range(0, centres[c].Length).OrderByDescending(f => Math.Abs(centres[c][f])).Take(2).Where(f => centres[c][f] != 0).Select(f => $"{(centres[c][f] > 0 ? "high" : "low")} {BehaviourTable.Features[f]}");
            var name = string.Join(", ", features.DefaultIfEmpty("average"));
            names[c] = name;
            for (var n = 2; !taken.Add(names[c]); n++) names[c] = $"{name} {n}";
        }

        return names;
    }
}
