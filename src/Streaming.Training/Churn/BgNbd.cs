namespace Streaming.Training.Churn;

/// <summary>
/// BG/NBD: purchases at a rate λ ~ Gamma(r, α), and after each the customer leaves with p ~ Beta(a, b). Fader, Hardie and Lee, "Counting your customers the easy way", Marketing Science 24(2), 2005.
/// P(alive) is 1 for whoever bought once and ranks backwards; P(no purchase) is the score.
/// </summary>
/// <param name="r">Shape of the rates.</param>
/// <param name="alpha">Scale of the rates, weeks.</param>
/// <param name="a">First parameter of the leaving probability.</param>
/// <param name="b">Second parameter of the leaving probability.</param>
public sealed class BgNbd(double r, double alpha, double a, double b) : PurchaseProcess
{
    /// <summary>Where a fit begins, and what the pooled prior of small shops holds likely: the order of size of the cohort published in the paper.</summary>
    private static readonly double[] Pooled = [0.25, 4.5, 0.8, 2.5];
    private const double PoolDeviation = 0.5;
    private const double ShortSeries = 1e-14;
    private const int LongestSeries = 20_000;
    private readonly double _start = (r * Math.Log(alpha)) - LogMath.Gamma(r) - LogMath.Beta(a, b);

    /// <summary>r.</summary>
    public double R => r;
    /// <summary>α, weeks.</summary>
    public double Alpha => alpha;
    /// <summary>a.</summary>
    public double A => a;
    /// <summary>b.</summary>
    public double B => b;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Parameters => new SortedDictionary<string, double>(StringComparer.Ordinal) { ["r"] = r, ["alpha"] = alpha, ["a"] = a, ["b"] = b };

    /// <summary>Fits by maximum likelihood.</summary>
    /// <param name="customers">What is known of each.</param>
    /// <param name="pooled">True: with a prior that speaks where the shop has too little to say.</param>
    public static BgNbd Fit(IReadOnlyList<BuyerSummary> customers, bool pooled = false) =>
        (BgNbd)ProcessFit.Fit(customers, Pooled, p => new BgNbd(p[0], p[1], p[2], p[3]), pooled ? PoolDeviation : null);

    /// <inheritdoc/>
    public override double LogLikelihood(BuyerSummary customer)
    {
        var x = customer.Repeats;
        var here = LogMath.Beta(a, b + x) - ((r + x) * Math.Log(alpha + customer.AgeWeeks));
        if (x > 0) here = LogMath.Add(here, LogMath.Beta(a + 1, b + x - 1) - ((r + x) * Math.Log(alpha + customer.LastWeeks)));
        return _start + LogMath.Gamma(r + x) + here;
    }

    /// <inheritdoc/>
    public override double Alive(BuyerSummary customer)
    {
        var x = customer.Repeats;
        if (x == 0) return 1;
        var odds = Math.Log(a / (b + x - 1)) + ((r + x) * Math.Log((alpha + customer.AgeWeeks) / (alpha + customer.LastWeeks)));
        return LogMath.Sigmoid(-odds);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Equation 10 of the paper, its hypergeometric function after Euler's transformation: the power (1 − z)^(r + x) that would vanish and the series that would overflow cancel, and what is left converges fast.
    /// </remarks>
    public override double ExpectedPurchases(BuyerSummary customer, double weeks)
    {
        if (Math.Abs(a - 1) < 1e-9) return new BgNbd(r, alpha, a + 1e-6, b).ExpectedPurchases(customer, weeks);
        var c = a + b + customer.Repeats - 1;
        var z = weeks / (alpha + customer.AgeWeeks + weeks);
        double term = 1, sum = 1;
        for (var j = 0; j < LongestSeries && Math.Abs(term) > ShortSeries * Math.Abs(sum); j++)
        {
            term *= (a + b - 1 - r + j) * (a - 1 + j) / ((c + j) * (j + 1)) * z;
            sum += term;
        }

        return Math.Max(0, c / (a - 1) * (1 - (Math.Exp((a - 1) * Math.Log(1 - z)) * sum))) * Alive(customer);
    }
}
