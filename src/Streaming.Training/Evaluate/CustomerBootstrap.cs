namespace Streaming.Training.Evaluate;

/// <summary>95 % intervals of means over baskets, by drawing customers with replacement: baskets of one customer are not independent.</summary>
/// <param name="customers">Customer number of each basket.</param>
/// <param name="draws">Number of draws.</param>
/// <param name="seed">Seed: every interval of a run uses the same draws.</param>
internal sealed class CustomerBootstrap(IReadOnlyList<int> customers, int draws, int seed)
{
    /// <summary>Ends of the interval of the mean.</summary>
    /// <param name="values">One a basket; NaN: the basket does not count.</param>
    public (double Low, double High) Interval(IReadOnlyList<double> values)
    {
        var count = customers.Count == 0 ? 0 : customers.Max() + 1;
        var sums = new double[count];
        var counts = new int[count];
        for (var i = 0; i < values.Count; i++)
        {
            if (double.IsNaN(values[i])) continue;
            sums[customers[i]] += values[i];
            counts[customers[i]]++;
        }

        var known = Enumerable.Range(0, count).Where(c => counts[c] > 0).ToArray();
        if (known.Length == 0) return (double.NaN, double.NaN);
        var random = new Random(seed);
        var means = new double[draws];
        for (var d = 0; d < draws; d++)
        {
            var sum = 0.0;
            var n = 0;
            for (var i = 0; i < known.Length; i++)
            {
                var customer = known[random.Next(known.Length)];
                sum += sums[customer];
                n += counts[customer];
            }

            means[d] = sum / n;
        }

        Array.Sort(means);
        return (means[(int)(draws * 0.025)], means[Math.Min(draws - 1, (int)(draws * 0.975))]);
    }
}
