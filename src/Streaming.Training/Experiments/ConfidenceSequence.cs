namespace Streaming.Training.Experiments;

/// <summary>
/// An interval for the difference of two means, or proportions, that may be looked at after every user for as long as one likes: with probability 1 − α it holds the true difference at all looks together. The normal-mixture boundary
/// √((V + r) ln((V + r) / (r α²))) of Howard, Ramdas, McAuliffe and Sekhon ("Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 2021, eq. 14) at the estimated variance V of the sum, which is the asymptotic
/// confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas ("Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 2024, theorem 2.2, with r = 1/ρ²).
/// </summary>
/// <remarks>
/// Assumed: users are dealt at random and independent of each other; each counts once, when its outcome is known, and in both arms after the same time; outcomes have more than two finite moments; the first look comes when a mean is about normal
/// (<see cref="ExperimentOptions.LeastUsers"/>), for the promise holds exactly only as that grows.
/// </remarks>
public static class ConfidenceSequence
{
    /// <summary>The interval of treated less control.</summary>
    /// <param name="treated">Totals of the treated.</param>
    /// <param name="control">Totals of those left alone.</param>
    /// <param name="options">α, and where the interval is to be tightest; fixed before the first look.</param>
    /// <returns>The whole line where an arm has fewer than <see cref="ExperimentOptions.LeastUsers"/> users.</returns>
    public static DifferenceInterval Of(ArmTotals treated, ArmTotals control, ExperimentOptions options)
    {
        if (Math.Min(treated.Users, control.Users) < options.LeastUsers) return DifferenceInterval.Unknown;
        var difference = treated.Mean - control.Mean;
        var error = (treated.Variance / treated.Users) + (control.Variance / control.Users);
        // No variation at all, as where nobody bought yet, is no certainty.
        if (!(error > 0)) return DifferenceInterval.Unknown with { Difference = difference };
        double users = treated.Users + control.Users;
        // Intrinsic time: variance of the sum of `users` influences, in units of one influence's variance as it is now.
        var r = options.TightestAtUsers / Tightness(options.Alpha);
        var half = Math.Sqrt(error / users * (users + r) * Math.Log((users + r) / (r * options.Alpha * options.Alpha)));
        return new DifferenceInterval(difference, difference - half, difference + half);
    }

    /// <summary>Time over r at which the interval is tightest: (2024, appendix B.2) −2 ln α + ln(−2 ln α + 1), to a good approximation.</summary>
    private static double Tightness(double alpha) => (-2 * Math.Log(alpha)) + Math.Log((-2 * Math.Log(alpha)) + 1);
}
