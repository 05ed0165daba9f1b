namespace Streaming.Training.Churn;

/// <summary>Maximum likelihood over four positive parameters, on the log scale.</summary>
internal static class ProcessFit
{
    /// <summary>Customers beyond this number tell nothing more of four numbers; evenly spaced ones are taken.</summary>
    private const int MostCustomers = 10_000;

    /// <summary>Bound of |ln parameter|: a likelihood that grows for ever (nobody ever leaves) ends here.</summary>
    private const double Bound = 12;

    /// <summary>Fits.</summary>
    /// <param name="customers">What is known of each.</param>
    /// <param name="start">Parameters to begin at, and those that the prior holds likely.</param>
    /// <param name="make">A process from parameters.</param>
    /// <param name="priorDeviation">Standard deviation of ln parameters around the start; null: no prior, maximum likelihood.</param>
    public static PurchaseProcess Fit(IReadOnlyList<BuyerSummary> customers, double[] start, Func<double[], PurchaseProcess> make, double? priorDeviation)
    {
        var stride = Math.Max(1, (customers.Count + MostCustomers - 1) / MostCustomers);
        var distinct = customers.Where((_, i) => i % stride == 0).GroupBy(c => c).Select(g => (Customer: g.Key, Count: g.Count()))
            .OrderBy(c => c.Customer.Repeats).ThenBy(c => c.Customer.LastWeeks).ThenBy(c => c.Customer.AgeWeeks).ToArray();
        var origin = start.Select(p => Math.Log(p)).ToArray();
        var (point, _) = NelderMead.Minimise(Loss, origin);
        return make([.. point.Select(l => Math.Exp(l))]);

        double Loss(double[] logs)
        {
            if (logs.Any(l => Math.Abs(l) > Bound)) return double.MaxValue;
            var process = make([.. logs.Select(l => Math.Exp(l))]);
            var sum = 0.0;
            foreach (var (customer, count) in distinct) sum -= count * process.LogLikelihood(customer);
            if (priorDeviation is { } deviation) sum += logs.Zip(origin, (l, o) => (l - o) * (l - o)).Sum() / (2 * deviation * deviation);
            return sum;
        }
    }
}
