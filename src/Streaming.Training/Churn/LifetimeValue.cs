namespace Streaming.Training.Churn;

/// <summary>
/// What a customer will buy and spend within some days: futures drawn from BG/NBD given the customer's past, spends from Gamma-Gamma given theirs. The number of futures without a purchase is bent to
/// P(no purchase) of the model that speaks.
/// </summary>
public sealed class LifetimeValue
{
    private const double DaysInWeek = 7, Inside = 0.8;
    private const int MostOccasions = 10_000;
    private readonly ChurnModel _model;
    private readonly GammaGamma? _money;
    private readonly int _draws, _seed;

    /// <summary>Fits Gamma-Gamma.</summary>
    /// <param name="model">Fitted on the same customers.</param>
    /// <param name="customers">With a purchase.</param>
    /// <param name="draws">Futures of a customer.</param>
    /// <param name="seed">Seed.</param>
    public LifetimeValue(ChurnModel model, IReadOnlyList<CustomerPurchases> customers, int draws, int seed)
    {
        (_model, _draws, _seed) = (model, draws, seed);
        _money = GammaGamma.Fit(customers);
    }

    /// <summary>The forecast of one customer; equal customers get equal forecasts.</summary>
    /// <param name="customer">With a purchase by the model's day.</param>
    /// <param name="days">1 or more.</param>
    public CustomerForecast Of(CustomerPurchases customer, int days)
    {
        var summary = BuyerSummary.Of(customer, _model.Day);
        var (count, mean) = GammaGamma.Spend(customer);
        var random = new SeededRandom((ulong)_seed ^ ((ulong)summary.Repeats << 40) ^ (ulong)BitConverter.DoubleToInt64Bits(mean + summary.LastWeeks + (1000 * summary.AgeWeeks)));
        var futures = Futures(summary, days / DaysInWeek, new CustomerSpend(count, mean), new GammaDraws(random));
        var buying = 1 - _model.NoPurchase(customer, days);
        var bought = futures.Where(f => f.Occasions > 0).OrderBy(f => f.Spend).ToArray();
        if (bought.Length == 0) return new CustomerForecast(buying, 0, 0, 0, 0, null, null, null);
        var spends = bought.Select(f => f.Spend).ToArray();
        var high = Quantile(spends, 1 - ((1 - Inside) / buying));
        var low = buying > Inside ? Quantile(spends, Math.Max(0, (1 - (Inside / buying)) / 2)) : 0;
        if (low > 0) high = Quantile(spends, 1 - ((1 - (Inside / buying)) / 2));
        var waits = bought.Select(f => f.FirstWeeks * DaysInWeek).Order().ToArray();
        return new CustomerForecast(buying, buying * bought.Average(f => f.Occasions), buying * spends.Average(), low, high, Quantile(waits, 0.5), Quantile(waits, 0.1), Quantile(waits, 0.9));
    }

    private (int Occasions, double FirstWeeks, double Spend)[] Futures(BuyerSummary customer, double weeks, CustomerSpend spent, GammaDraws draws)
    {
        var process = _model.BgNbd;
        var alive = process.Alive(customer);
        var futures = new (int, double, double)[_draws];
        for (var d = 0; d < futures.Length; d++)
        {
            if (draws.Uniform() >= alive) continue;
            var rate = draws.Next(process.R + customer.Repeats) / (process.Alpha + customer.AgeWeeks);
            var leaves = draws.Beta(process.A, process.B + customer.Repeats);
            var (time, first, occasions) = (0.0, 0.0, 0);
            while (occasions < MostOccasions)
            {
                time -= Math.Log(1 - draws.Uniform()) / rate;
                if (time > weeks) break;
                if (occasions++ == 0) first = time;
                if (draws.Uniform() < leaves) break;
            }

            if (occasions > 0) futures[d] = (occasions, first, _money?.Draw(spent, occasions, draws) ?? 0);
        }

        return futures;
    }

    private static double Quantile(double[] sorted, double share) => share <= 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
