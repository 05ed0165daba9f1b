namespace Streaming.Training.Segments;

/// <summary>Lloyd's k-means, begun by k-means++ (Arthur and Vassilvitskii, 2007) or at given centres. Equal distances go to the lower number.</summary>
internal static class KMeans
{
    private const int Restarts = 8, MaxRounds = 100;

    /// <summary>The best of several beginnings.</summary>
    public static double[][] Fit(double[][] points, int k, ulong seed)
    {
        var (best, least) = (Array.Empty<double[]>(), double.PositiveInfinity);
        for (var start = 0; start < Restarts; start++)
        {
            var centres = From(points, Begin(points, k, new SeededRandom((seed * 1_000_003) + (ulong)((k * Restarts) + start))));
            var sum = points.Sum(p => Squared(p, centres[Nearest(p, centres)]));
            if (sum < least) (best, least) = (centres, sum);
        }

        return best;
    }

    /// <summary>Goes on from centres until nobody changes.</summary>
    public static double[][] From(double[][] points, double[][] centres)
    {
        centres = [.. centres.Select(c => c.ToArray())];
        var belongs = new int[points.Length];
        Array.Fill(belongs, -1);
        for (var round = 0; round < MaxRounds; round++)
        {
            var changed = false;
            for (var i = 0; i < points.Length; i++)
            {
                var nearest = Nearest(points[i], centres);
                changed |= nearest != belongs[i];
                belongs[i] = nearest;
            }

            if (!changed) break;
            var sums = centres.Select(c => new double[c.Length]).ToArray();
            var counts = new int[centres.Length];
            for (var i = 0; i < points.Length; i++)
            {
                counts[belongs[i]]++;
                for (var f = 0; f < points[i].Length; f++) sums[belongs[i]][f] += points[i][f];
            }

            // A centre that nobody is near stays where it is.
            for (var c = 0; c < centres.Length; c++)
            {
                for (var f = 0; f < sums[c].Length && counts[c] > 0; f++) centres[c][f] = sums[c][f] / counts[c];
            }
        }

        return centres;
    }

    /// <summary>Number of the nearest centre.</summary>
    public static int Nearest(double[] point, double[][] centres)
    {
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var c = 0; c < centres.Length; c++)
        {
            var distance = Squared(point, centres[c]);
            if (distance < least) (nearest, least) = (c, distance);
        }

        return nearest;
    }

    /// <summary>Squared distance.</summary>
    public static double Squared(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var f = 0; f < a.Length; f++) sum += (a[f] - b[f]) * (a[f] - b[f]);
        return sum;
    }

    /// <summary>Simplified silhouette: mean of 1 − distance to the own centre over that to the next nearest (Vendramin, Campello and Hruschka, 2010).</summary>
    public static double Silhouette(double[][] points, double[][] centres) => points.Length == 0 ? 0 : points.Average(p =>
    {
        double[] distances = [.. centres.Select(c => Math.Sqrt(Squared(p, c))).Order()];
        return distances.Length > 1 && distances[1] > 0 ? 1 - (distances[0] / distances[1]) : 0;
    });

    private static double[][] Begin(double[][] points, int k, SeededRandom random)
    {
        var centres = new List<double[]> { points[random.Below(points.Length)] };
        var distances = points.Select(p => Squared(p, centres[0])).ToArray();
        while (centres.Count < k)
        {
            var left = random.Uniform() * distances.Sum();
            var at = 0;
            while (at < points.Length - 1 && (left -= distances[at]) > 0) at++;
            centres.Add(points[at]);
            for (var i = 0; i < points.Length; i++) distances[i] = Math.Min(distances[i], Squared(points[i], centres[^1]));
        }

        return [.. centres];
    }
}
