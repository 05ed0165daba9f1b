namespace Streaming.Training.Churn;

/// <summary>Draws from Gamma(shape, 1). Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.</summary>
internal sealed class GammaDraws(SeededRandom random)
{
    /// <summary>One draw.</summary>
    /// <param name="shape">Above 0.</param>
    public double Next(double shape)
    {
        if (shape < 1) return Next(shape + 1) * Math.Pow(Math.Max(random.Uniform(), double.Epsilon), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.Normal();
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v;
        }
    }

    /// <summary>One draw from Beta(a, b).</summary>
    public double Beta(double a, double b)
    {
        var (x, y) = (Next(a), Next(b));
        return x + y > 0 ? x / (x + y) : 0.5;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => random.Uniform();
}
