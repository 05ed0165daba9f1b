namespace Streaming.Training.Policy;

/// <summary>
/// A 95 % interval for a mean of weighted clicks. Clicks are rare, so their number is as good as a Poisson variable, and a weighted one is told by that of fewer clicks of equal weight with the same mean and variance (Dobson and others 1991, Fay
/// and Feuer 1997): V² / variance of them. For those the interval is Garwood's exact one (1936), as Korn and Graubard (1998) have it for shares of surveys: never below 0, longer upwards than downwards, and with an upper end where no click was
/// seen.
/// </summary>
internal static class PolicyInterval
{
    /// <summary>The interval.</summary>
    /// <param name="estimate">Clicks a row.</param>
    /// <param name="variance">Of the estimate.</param>
    /// <param name="clickVariance">Variance that one click a row would bring: 1 / effective rows; taken where nothing was clicked.</param>
    public static PolicyEstimate Of(double estimate, double variance, double clickVariance)
    {
        var value = Math.Max(0, estimate);
        // Below a quarter of an equal click the ratio of variance to value says nothing of the size of a click any more.
        var unit = value > 0 && variance < 4 * value * value ? variance / value : clickVariance;
        var clicks = value / unit;
        return new PolicyEstimate { Estimate = estimate, Low = unit * GammaInterval.Quantile(0.025, clicks), High = Math.Min(1, unit * GammaInterval.Quantile(0.975, clicks + 1)), Se = Math.Sqrt(variance) };
    }
}
