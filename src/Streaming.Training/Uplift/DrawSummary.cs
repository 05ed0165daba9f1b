namespace Streaming.Training.Uplift;

/// <summary>What draws say of a figure.</summary>
/// <param name="Se">Standard deviation of the draws.</param>
/// <param name="Low">2.5 % quantile.</param>
/// <param name="High">97.5 % quantile.</param>
internal readonly record struct DrawSummary(double Se, double Low, double High)
{
    /// <summary>Of some draws; those that are no number are left out.</summary>
    public static DrawSummary Of(IEnumerable<double> draws)
    {
        double[] sorted = [.. draws.Where(double.IsFinite).Order()];
        if (sorted.Length < 2) return new DrawSummary(double.NaN, double.NaN, double.NaN);
        var mean = sorted.Average();
        var variance = sorted.Sum(d => (d - mean) * (d - mean)) / (sorted.Length - 1);
        return new DrawSummary(Math.Sqrt(variance), sorted[(int)(sorted.Length * 0.025)], sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * 0.975))]);
    }
}
