namespace Streaming.Training.Churn;

/// <summary>Gauss and Legendre's rule of integration on [0, 1].</summary>
internal static class GaussLegendre
{
    /// <summary>Points and weights; the roots of the Legendre polynomial by Newton's method (Press et al., Numerical Recipes, 4.6).</summary>
    public static (double Point, double Weight)[] Rule(int points)
    {
        var rule = new (double, double)[points];
        for (var i = 0; i < points; i++)
        {
            var x = Math.Cos(Math.PI * (i + 0.75) / (points + 0.5));
            var derivative = 0.0;
            for (var iteration = 0; iteration < 100; iteration++)
            {
                double here = 1, before = 0;
                for (var j = 0; j < points; j++) (here, before) = ((((2 * j) + 1) * x * here - (j * before)) / (j + 1), here);
                derivative = points * ((x * here) - before) / ((x * x) - 1);
                var step = here / derivative;
                x -= step;
                if (Math.Abs(step) < 1e-15) break;
            }

            rule[i] = ((1 - x) / 2, 1 / ((1 - (x * x)) * derivative * derivative));
        }

        return rule;
    }
}
