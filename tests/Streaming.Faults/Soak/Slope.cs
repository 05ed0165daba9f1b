namespace Streaming.Faults.Soak;

/// <summary>Ordinary least squares through points, with the 95 % interval of the slope.</summary>
/// <param name="PerUnit">Slope.</param>
/// <param name="AtStart">Value of the line at the first x.</param>
/// <param name="Low">Lower end of the slope's interval.</param>
/// <param name="High">Upper end.</param>
internal sealed record Slope(double PerUnit, double AtStart, double Low, double High)
{
    private const double Confidence = 0.95;
    private const int MinPoints = 3;

    /// <summary>Whether the points show no growth.</summary>
    public bool IncludesZero => Low <= 0 && High >= 0;

    /// <summary>Slope as a share of the value at the start.</summary>
    public double RelativePerUnit => AtStart == 0 ? 0 : PerUnit / AtStart;

    /// <summary>Fits a line.</summary>
    public static Slope Fit(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count || x.Count < MinPoints) throw new ArgumentException($"{x.Count} and {y.Count} points: a slope's interval needs {MinPoints} of each");
        var n = x.Count;
        var (meanX, meanY) = (x.Average(), y.Average());
        var (sumXx, sumXy) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            sumXx += (x[i] - meanX) * (x[i] - meanX);
            sumXy += (x[i] - meanX) * (y[i] - meanY);
        }

        if (sumXx == 0) throw new ArgumentException("all points have one x");
        var slope = sumXy / sumXx;
        var squares = 0.0;
        for (var i = 0; i < n; i++)
        {
            var residual = y[i] - meanY - (slope * (x[i] - meanX));
            squares += residual * residual;
        }

        var half = StudentT.TwoSided(Confidence, n - 2) * Math.Sqrt(squares / (n - 2) / sumXx);
        return new Slope(slope, meanY + (slope * (x[0] - meanX)), slope - half, slope + half);
    }
}
