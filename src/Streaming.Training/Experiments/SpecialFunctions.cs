namespace Streaming.Training.Experiments;

/// <summary>Functions that the runtime lacks.</summary>
internal static class SpecialFunctions
{
    /// <summary>ln Γ(x) for x &gt; 0: Stirling's series from 10 on (Abramowitz and Stegun 6.1.41), below by Γ(x + 1) = x Γ(x); relative error below 10⁻¹³.</summary>
    public static double LogGamma(double x)
    {
        var product = 1.0;
        while (x < 10) product *= x++;
        var square = 1 / (x * x);
        var series = (1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188)))))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (series / x) - Math.Log(product);
    }

    /// <summary>Complementary error function for x ≥ 0: the series below 2, the continued fraction of Abramowitz and Stegun 7.1.14 above; relative error below 10⁻¹².</summary>
    public static double Erfc(double x)
    {
        if (x < 2)
        {
            double term = x, sum = x;
            for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum) && n < 200; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }

        var fraction = x;
        for (var n = 120; n > 0; n--) fraction = x + (n / 2.0 / fraction);
        return Math.Exp(-x * x) / (fraction * Math.Sqrt(Math.PI));
    }
}
