namespace Streaming.Training.Experiments;

/// <summary>
/// Have the arms the sizes that were dealt? Where they have not, something loses or doubles users of one arm, and no other figure of the experiment counts (Fabijan and others, "Diagnosing sample ratio mismatch in online controlled
/// experiments", 2019). The alarm is p &lt; 0.001.
/// </summary>
public static class SampleRatio
{
    /// <summary>Weight, in users, of the prior of the sequential test.</summary>
    private const double PriorUsers = 1000;

    /// <summary>p of one look: chi-squared with one degree of freedom.</summary>
    /// <param name="heldOut">Users left alone.</param>
    /// <param name="treated">All others.</param>
    /// <param name="share">Share that was to be left alone, within 0 and 1.</param>
    public static double P(long heldOut, long treated, double share)
    {
        var users = (double)heldOut + treated;
        if (users == 0) return 1;
        var z = (heldOut - (users * share)) / Math.Sqrt(users * share * (1 - share));
        return SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));
    }

    /// <summary>
    /// p that may be looked at as often as one likes: the inverse of the likelihood of the sizes under a beta-distributed share, centred on the one dealt, over their likelihood under that (Lindon and Malek, "Anytime-valid inference for
    /// multinomial count data", 2022). It falls below any a with probability at most a, over all looks together (Ville's inequality).
    /// </summary>
    /// <param name="heldOut">Users left alone.</param>
    /// <param name="treated">All others.</param>
    /// <param name="share">Share that was to be left alone, within 0 and 1.</param>
    public static double SequentialP(long heldOut, long treated, double share)
    {
        var (a, b) = (PriorUsers * share, PriorUsers * (1 - share));
        var log = LogBeta(a + heldOut, b + treated) - LogBeta(a, b) - (heldOut * Math.Log(share)) - (treated * Math.Log(1 - share));
        return Math.Min(1, Math.Exp(-log));
    }

    private static double LogBeta(double a, double b) => SpecialFunctions.LogGamma(a) + SpecialFunctions.LogGamma(b) - SpecialFunctions.LogGamma(a + b);
}
