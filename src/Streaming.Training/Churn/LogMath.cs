namespace Streaming.Training.Churn;

/// <summary>Functions on the log scale that neither overflow nor lose digits.</summary>
internal static class LogMath
{
    // Lanczos, g = 7, n = 9 (Godfrey's coefficients): relative error below 1e-14 for x > 0.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x), x &gt; 0.</summary>
    public static double Gamma(double x)
    {
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - Gamma(1 - x);
        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x + i);
        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>ln B(a, b).</summary>
    public static double Beta(double a, double b) => Gamma(a) + Gamma(b) - Gamma(a + b);

    /// <summary>ln(eᵃ + eᵇ).</summary>
    public static double Add(double a, double b)
    {
        var high = Math.Max(a, b);
        return double.IsNegativeInfinity(high) ? high : high + Math.Log(Math.Exp(a - high) + Math.Exp(b - high));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    /// <summary>ln(1 − σ(x)).</summary>
    public static double LogOneMinusSigmoid(double x) => x > 0 ? -x - Math.Log(1 + Math.Exp(-x)) : -Math.Log(1 + Math.Exp(x));

    /// <summary>ln(p / (1 − p)).</summary>
    public static double Logit(double p) => Math.Log(p) - Math.Log(1 - p);
}
