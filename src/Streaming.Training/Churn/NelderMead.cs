namespace Streaming.Training.Churn;

/// <summary>Finds a minimum without derivatives. Nelder and Mead, "A simplex method for function minimization", 1965; begun anew from the best point until that brings nothing.</summary>
internal static class NelderMead
{
    private const int Restarts = 4;

    /// <summary>Minimises.</summary>
    /// <param name="value">What to make small; a value that is no number counts as worst.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="step">Edge of the first simplex.</param>
    /// <param name="tolerance">Difference between best and worst corner at which it ends.</param>
    /// <param name="evaluations">Most calls a start.</param>
    public static (double[] Point, double Value) Minimise(Func<double[], double> value, double[] start, double step = 0.5, double tolerance = 1e-8, int evaluations = 2000)
    {
        var (best, bestValue) = Once(value, start, step, tolerance, evaluations);
        for (var restart = 1; restart < Restarts; restart++)
        {
            var (point, found) = Once(value, best, step / (1 << restart), tolerance, evaluations);
            var gain = bestValue - found;
            if (found < bestValue) (best, bestValue) = (point, found);
            if (!(gain > tolerance * 1000)) break;
        }

        return (best, bestValue);
    }

    private static (double[] Point, double Value) Once(Func<double[], double> value, double[] start, double step, double tolerance, int evaluations)
    {
        var n = start.Length;
        var corners = new double[n + 1][];
        var values = new double[n + 1];
        for (var i = 0; i <= n; i++)
        {
            corners[i] = (double[])start.Clone();
            if (i > 0) corners[i][i - 1] += step;
            values[i] = Safe(corners[i]);
        }

        for (var calls = n + 1; calls < evaluations;)
        {
            Array.Sort(values, corners);
            if (values[n] - values[0] <= tolerance) break;
            var centre = new double[n];
            for (var i = 0; i < n; i++)
            {
                for (var d = 0; d < n; d++) centre[d] += corners[i][d] / n;
            }

            var reflected = Towards(centre, corners[n], -1);
            var at = Safe(reflected);
            calls++;
            if (at < values[0])
            {
                var further = Towards(centre, corners[n], -2);
                var there = Safe(further);
                calls++;
                (corners[n], values[n]) = there < at ? (further, there) : (reflected, at);
            }
            else if (at < values[n - 1])
            {
                (corners[n], values[n]) = (reflected, at);
            }
            else
            {
                var inner = at < values[n] ? Towards(centre, reflected, 0.5) : Towards(centre, corners[n], 0.5);
                var there = Safe(inner);
                calls++;
                if (there < Math.Min(at, values[n])) (corners[n], values[n]) = (inner, there);
                else calls += Shrink(corners, values);
            }
        }

        Array.Sort(values, corners);
        return (corners[0], values[0]);

        double Safe(double[] point) => value(point) is var v && double.IsFinite(v) ? v : double.MaxValue;

        int Shrink(double[][] all, double[] of)
        {
            for (var i = 1; i <= n; i++)
            {
                all[i] = Towards(all[0], all[i], 0.5);
                of[i] = Safe(all[i]);
            }

            return n;
        }
    }

    private static double[] Towards(double[] centre, double[] corner, double factor) => [.. centre.Zip(corner, (c, x) => c + (factor * (x - c)))];
}
