namespace Streaming.Faults.Soak;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    private const double Accuracy = 1e-14, Tiny = 1e-300, Widest = 1e9;
    private const int MaxTerms = 10_000, Halvings = 200;

    /// <summary>The t that is not exceeded in absolute value with a probability: 0.95 gives the factor of a 95 % interval.</summary>
    public static double TwoSided(double probability, int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        var (low, high) = (0.0, Widest);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Within(middle, degreesOfFreedom) < probability) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>Probability of an absolute value below t.</summary>
    public static double Within(double t, int degreesOfFreedom) => 1 - Beta(degreesOfFreedom / (degreesOfFreedom + (t * t)), degreesOfFreedom / 2.0, 0.5);

    // Regularised incomplete beta function by Lentz's continued fraction.
    private static double Beta(double x, double a, double b)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        if (x > (a + 1) / (a + b + 2)) return 1 - Beta(1 - x, b, a);
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x))) / a;
        var (c, d) = (1.0, 1 / NotZero(1 - ((a + b) * x / (a + 1))));
        var fraction = d;
        for (var m = 1; m < MaxTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            (c, d) = (NotZero(1 + (even / c)), 1 / NotZero(1 + (even * d)));
            fraction *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            (c, d) = (NotZero(1 + (odd / c)), 1 / NotZero(1 + (odd * d)));
            fraction *= c * d;
            if (Math.Abs((c * d) - 1) < Accuracy) break;
        }

        return front * fraction;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    // Lanczos, g = 7.
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
        var sum = 0.99999999999980993;
        for (var i = 0; i < terms.Length; i++) sum += terms[i] / (x + i);
        var t = x + 6.5;
        return (Math.Log(2 * Math.PI) / 2) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
