namespace Streaming.Training.Segments;

/// <summary>Behaviour in standard deviations, cut off at the 1 % and 99 % quantiles. What a customer has not done enough for stands at the mean; a feature that is the same for all counts nothing.</summary>
/// <param name="Low">1 % quantile, one a feature.</param>
/// <param name="High">99 % quantile.</param>
/// <param name="Mean">Mean within them.</param>
/// <param name="Inverse">One over the standard deviation; 0 where there is none.</param>
internal sealed record BehaviourScale(double[] Low, double[] High, double[] Mean, double[] Inverse)
{
    /// <summary>Fits on customers.</summary>
    public static BehaviourScale Fit(IReadOnlyList<CustomerBehaviour> customers)
    {
        var width = BehaviourTable.Features.Count;
        var scale = new BehaviourScale(new double[width], new double[width], new double[width], new double[width]);
        for (var f = 0; f < width; f++)
        {
            double[] sorted = [.. customers.Select(c => c.Features[f]).Where(double.IsFinite).Order()];
            if (sorted.Length == 0) continue;
            var (low, high) = (sorted[sorted.Length / 100], sorted[sorted.Length - 1 - (sorted.Length / 100)]);
            var mean = sorted.Average(x => Math.Clamp(x, low, high));
            var variance = sorted.Average(x => (Math.Clamp(x, low, high) - mean) * (Math.Clamp(x, low, high) - mean));
            (scale.Low[f], scale.High[f], scale.Mean[f], scale.Inverse[f]) = (low, high, mean, variance > 1e-12 ? 1 / Math.Sqrt(variance) : 0);
        }

        return scale;
    }

    /// <summary>A customer's point.</summary>
    public double[] Point(CustomerBehaviour customer) =>
        [.. customer.Features.Select((x, f) => double.IsFinite(x) ? (Math.Clamp(x, Low[f], High[f]) - Mean[f]) * Inverse[f] : 0)];

    /// <summary>A point of another scale in this one.</summary>
    public double[] Convert(double[] point, BehaviourScale from) => [.. point.Select((z, f) => from.Inverse[f] > 0 ? ((z / from.Inverse[f]) + from.Mean[f] - Mean[f]) * Inverse[f] : 0)];
}
