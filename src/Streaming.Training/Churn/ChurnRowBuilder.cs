namespace Streaming.Training.Churn;

/// <summary>Makes examples from windows that are closed by a day: a window that is still open is censored and gives none.</summary>
internal static class ChurnRowBuilder
{
    private const int MostRows = 200_000;

    /// <summary>Days after which windows begin, latest first: a week apart, further where that would be too many.</summary>
    /// <param name="first">First day of the data.</param>
    /// <param name="end">Last day that may be known.</param>
    /// <param name="days">Length of a window.</param>
    /// <param name="warmUp">Days of history before the first window.</param>
    /// <param name="most">Most windows.</param>
    public static int[] Starts(int first, int end, int days, int warmUp, int most)
    {
        var range = end - days - first - warmUp;
        if (range < 0) return [];
        var step = Math.Max(7, (range / most / 7 * 7) + (range / most % 7 > 0 ? 7 : 0));
        return [.. Enumerable.Range(0, (range / step) + 1).Select(k => end - days - (k * step))];
    }

    /// <summary>Makes the rows of windows.</summary>
    /// <param name="customers">Whose purchases are cut off at the last day that may be known.</param>
    /// <param name="features">What is seen.</param>
    /// <param name="starts">From <see cref="Starts"/>.</param>
    /// <param name="days">Length of a window.</param>
    /// <param name="halfLifeDays">Age of a window at which its rows weigh half; infinity: all alike.</param>
    public static ChurnRows Build(IReadOnlyList<CustomerPurchases> customers, ChurnFeatures features, int[] starts, int days, double halfLifeDays)
    {
        var pairs = new List<(CustomerPurchases Customer, int Start)>();
        foreach (var start in starts)
        {
            foreach (var customer in customers)
            {
                if (customer.Purchases.Length > 0 && customer.Purchases[0].Day <= start) pairs.Add((customer, start));
            }
        }

        var stride = Math.Max(1, (pairs.Count + MostRows - 1) / MostRows);
        var taken = pairs.Where((_, i) => i % stride == 0).ToArray();
        var rows = new ChurnRows { Features = new float[taken.Length * ChurnFeatures.Count], Bought = new bool[taken.Length], Weights = new float[taken.Length] };
        for (var i = 0; i < taken.Length; i++)
        {
            var (customer, start) = taken[i];
            features.Fill(customer, start, days, rows.Features.AsSpan(i * ChurnFeatures.Count, ChurnFeatures.Count));
            rows.Bought[i] = customer.BuysWithin(start, days);
            rows.Weights[i] = double.IsInfinity(halfLifeDays) ? 1 : (float)Math.Pow(0.5, (starts[0] - start) / halfLifeDays);
        }

        return rows;
    }
}
