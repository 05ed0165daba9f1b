namespace Streaming.Training.Churn;

/// <summary>
/// Pareto/NBD: purchases at a rate λ ~ Gamma(r, α) until the customer leaves, at any time, with a rate μ ~ Gamma(s, β). Schmittlein, Morrison and Colombo, "Counting your customers", Management
/// Science 33(1), 1987. The integral over the time of leaving is taken by Gauss and Legendre's rule on ln(α + time): no hypergeometric function, no overflow.
/// </summary>
/// <param name="r">Shape of the purchase rates.</param>
/// <param name="alpha">Scale of the purchase rates, weeks.</param>
/// <param name="s">Shape of the leaving rates.</param>
/// <param name="beta">Scale of the leaving rates, weeks.</param>
public sealed class ParetoNbd(double r, double alpha, double s, double beta) : PurchaseProcess
{
    private static readonly double[] Pooled = [0.55, 10.5, 0.6, 11.5];
    private const double PoolDeviation = 0.5;

    /// <summary>Where the integrand has fallen by e to this power, the rest adds nothing to a double.</summary>
    private const double Negligible = 45;
    private static readonly (double Point, double Weight)[] Rule = GaussLegendre.Rule(32);
    private readonly double _start = (r * Math.Log(alpha)) + (s * Math.Log(beta)) - LogMath.Gamma(r);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Parameters => new SortedDictionary<string, double>(StringComparer.Ordinal) { ["r"] = r, ["alpha"] = alpha, ["s"] = s, ["beta"] = beta };

    /// <summary>Fits by maximum likelihood.</summary>
    /// <param name="customers">What is known of each.</param>
    /// <param name="pooled">True: with a prior that speaks where the shop has too little to say.</param>
    public static ParetoNbd Fit(IReadOnlyList<BuyerSummary> customers, bool pooled = false) =>
        (ParetoNbd)ProcessFit.Fit(customers, Pooled, p => new ParetoNbd(p[0], p[1], p[2], p[3]), pooled ? PoolDeviation : null);

    /// <inheritdoc/>
    public override double LogLikelihood(BuyerSummary customer) => _start + LogMath.Gamma(r + customer.Repeats) + LogMath.Add(Stayed(customer), Left(customer));

    /// <inheritdoc/>
    public override double Alive(BuyerSummary customer) => LogMath.Sigmoid(Stayed(customer) - Left(customer));

    /// <inheritdoc/>
    public override double ExpectedPurchases(BuyerSummary customer, double weeks)
    {
        var age = customer.AgeWeeks;
        var ratio = Math.Log((beta + age) / (beta + age + weeks));
        var time = Math.Abs(s - 1) < 1e-9 ? -(beta + age) * ratio : (beta + age) / (s - 1) * (1 - Math.Exp((s - 1) * ratio));
        return Alive(customer) * (r + customer.Repeats) / (alpha + age) * time;
    }

    private double Stayed(BuyerSummary customer) => -((r + customer.Repeats) * Math.Log(alpha + customer.AgeWeeks)) - (s * Math.Log(beta + customer.AgeWeeks));

    // ln of s ∫ (α + y)^−(r + x) (β + y)^−(s + 1) dy from the last purchase to the time of looking.
    private double Left(BuyerSummary customer)
    {
        if (customer.AgeWeeks <= customer.LastWeeks) return double.NegativeInfinity;
        var power = r + customer.Repeats;
        var from = Math.Log(alpha + customer.LastWeeks);
        var slope = power - 1 + ((s + 1) * Math.Min(1, (alpha + customer.LastWeeks) / (beta + customer.LastWeeks)));
        var range = Math.Log(alpha + customer.AgeWeeks) - from;
        var width = slope > 0 ? Math.Min(range, Negligible / slope) : range;
        var top = (-(power - 1) * from) - ((s + 1) * Math.Log(beta + customer.LastWeeks));
        var sum = 0.0;
        foreach (var (point, weight) in Rule)
        {
            var u = from + (width * point);
            sum += weight * Math.Exp((-(power - 1) * u) - ((s + 1) * Math.Log(beta - alpha + Math.Exp(u))) - top);
        }

        return Math.Log(s) + top + Math.Log(width * sum);
    }
}
