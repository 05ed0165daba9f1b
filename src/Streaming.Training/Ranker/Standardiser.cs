namespace Streaming.Training.Ranker;

/// <summary>Shifts and scales each feature to mean 0 and deviation 1, and cuts it at ±<see cref="Limit"/>; a feature that never varies becomes 0. Part of the model's graph.</summary>
/// <param name="Mean">Mean of each feature.</param>
/// <param name="InverseDeviation">1 / standard deviation of each feature, or 0.</param>
public sealed record Standardiser(float[] Mean, float[] InverseDeviation)
{
    /// <summary>Standard deviations beyond which a value is cut: an outlier must not carry a score alone.</summary>
    public const float Limit = 6;

    /// <summary>Fits on all rows of groups.</summary>
    public static Standardiser Fit(IReadOnlyList<RankerGroup> groups, int features)
    {
        var sums = new double[features];
        var squares = new double[features];
        long rows = 0;
        foreach (var group in groups)
        {
            rows += group.Rows;
            for (var i = 0; i < group.Features.Length; i++)
            {
                var value = group.Features[i];
                sums[i % features] += value;
                squares[i % features] += (double)value * value;
            }
        }

        var mean = new float[features];
        var inverse = new float[features];
        for (var f = 0; f < features && rows > 0; f++)
        {
            var m = sums[f] / rows;
            var variance = Math.Max(0, (squares[f] / rows) - (m * m));
            mean[f] = (float)m;
            inverse[f] = variance > 1e-10 * Math.Max(1, m * m) ? (float)(1 / Math.Sqrt(variance)) : 0;
        }

        return new Standardiser(mean, inverse);
    }

    /// <summary>Standardises one row.</summary>
    public void Apply(ReadOnlySpan<float> row, Span<float> into)
    {
        for (var f = 0; f < into.Length; f++) into[f] = Math.Clamp((row[f] - Mean[f]) * InverseDeviation[f], -Limit, Limit);
    }
}
