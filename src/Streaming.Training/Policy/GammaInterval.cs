using Streaming.Training.Experiments;

namespace Streaming.Training.Policy;

/// <summary>Quantiles of the gamma distribution.</summary>
internal static class GammaInterval
{
    private const int Halvings = 200;

    /// <summary>x below which a gamma variable of that shape and scale 1 is with probability p.</summary>
    /// <param name="p">0 to 1.</param>
    /// <param name="shape">0 or more; at 0 everything is at 0.</param>
    public static double Quantile(double p, double shape)
    {
        if (shape <= 0) return 0;
        var (low, high) = (0.0, shape + (10 * Math.Sqrt(shape)) + 40);
        for (var i = 0; i < Halvings && high - low > 1e-14 * high; i++)
        {
            var middle = (low + high) / 2;
            if (Below(shape, middle) < p) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>P(a, x), the regularised lower incomplete gamma function: its series below a + 1, the continued fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31, the latter by Lentz's method).</summary>
    public static double Below(double a, double x)
    {
        if (x <= 0) return 0;
        var factor = Math.Exp((a * Math.Log(x)) - x - SpecialFunctions.LogGamma(a));
        return x < a + 1 ? factor * Series(a, x) : 1 - (factor * Fraction(a, x));
    }

    private static double Series(double a, double x)
    {
        var (term, sum) = (1 / a, 1 / a);
        for (var n = 1; n < 100_000 && term > 1e-17 * sum; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum;
    }

    private static double Fraction(double a, double x)
    {
        const double tiny = 1e-300;
        var (b, c) = (x + 1 - a, 1 / tiny);
        var d = 1 / b;
        var h = d;
        for (var i = 1; i < 100_000; i++)
        {
            var numerator = -i * (i - a);
            b += 2;
            d = (numerator * d) + b;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = b + (numerator / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15) break;
        }

        return h;
    }
}
