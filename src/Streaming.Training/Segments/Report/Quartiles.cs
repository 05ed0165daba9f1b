namespace Streaming.Training.Segments.Report;

/// <summary>Quartiles of one behaviour, by linear interpolation between the two nearest values.</summary>
/// <param name="Customers">Customers of whom it is known.</param>
/// <param name="Lower">25 %.</param>
/// <param name="Median">50 %.</param>
/// <param name="Upper">75 %.</param>
internal sealed record Quartiles(int Customers, double Lower, double Median, double Upper)
{
    /// <summary>Quartiles of what is known; null where it is known of fewer than <see cref="SmallGroups.Least"/>.</summary>
    public static Quartiles? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length < SmallGroups.Least ? null : new Quartiles(sorted.Length, At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    /// <summary>Quantile of sorted values.</summary>
    public static double At(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
