namespace Streaming.Training.Churn;

/// <summary>
/// Gamma-Gamma: what a customer spends on one occasion is Gamma(p, ν), ν ~ Gamma(q, γ) over customers, apart from how often they buy. Fader, Hardie and Lee, "RFM and CLV: using iso-value curves",
/// Journal of Marketing Research 42, 2005.
/// </summary>
/// <param name="p">Shape of one occasion's spend.</param>
/// <param name="q">Shape of ν.</param>
/// <param name="gamma">Scale of ν, in the file's currency.</param>
public sealed class GammaGamma(double p, double q, double gamma)
{
    private const double Bound = 12;

    /// <summary>p.</summary>
    public double P => p;
    /// <summary>q.</summary>
    public double Q => q;
    /// <summary>γ.</summary>
    public double Gamma => gamma;

    /// <summary>Fits by maximum likelihood on customers' mean spend; null where nobody spent anything.</summary>
    /// <param name="customers">With a purchase.</param>
    public static GammaGamma? Fit(IReadOnlyList<CustomerPurchases> customers)
    {
        var means = customers.Select(Spend).Where(s => s.Count > 0).ToArray();
        if (means.Length == 0) return null;
        var scale = means.Average(m => m.Mean);
        var (point, _) = NelderMead.Minimise(Loss, [0, Math.Log(3), Math.Log(scale)]);
        return new GammaGamma(Math.Exp(point[0]), Math.Exp(point[1]), Math.Exp(point[2]));

        double Loss(double[] logs)
        {
            if (Math.Abs(logs[0]) > Bound || Math.Abs(logs[1]) > Bound) return double.MaxValue;
            var (sum, shape, prior, rate) = (0.0, Math.Exp(logs[0]), Math.Exp(logs[1]), Math.Exp(logs[2]));
            foreach (var (count, mean) in means)
            {
                var whole = shape * count;
                sum -= LogMath.Gamma(whole + prior) - LogMath.Gamma(whole) - LogMath.Gamma(prior) + (prior * Math.Log(rate)) + ((whole - 1) * Math.Log(mean)) + (whole * Math.Log(count))
                    - ((whole + prior) * Math.Log(rate + (count * mean)));
            }

            return sum;
        }
    }

    /// <summary>Occasions with a spend above 0, and their mean: a free gift says nothing of what is paid.</summary>
    public static (int Count, double Mean) Spend(CustomerPurchases customer)
    {
        var paid = customer.Purchases.Where(b => b.Spend > 0).ToArray();
        return paid.Length == 0 ? (0, 0) : (paid.Length, paid.Average(b => b.Spend));
    }

    /// <summary>Expected spend of one occasion.</summary>
    public double Expected(CustomerPurchases customer)
    {
        var (count, mean) = Spend(customer);
        return p * (gamma + (count * mean)) / Math.Max(1e-3, (p * count) + q - 1);
    }

    /// <summary>Draws a ν given what the customer spent, and then the spend of some occasions.</summary>
    internal double Draw(CustomerSpend spent, int occasions, GammaDraws draws)
    {
        var rate = draws.Next((p * spent.Count) + q) / (gamma + (spent.Count * spent.Mean));
        return draws.Next(p * occasions) / Math.Max(rate, double.Epsilon);
    }
}
