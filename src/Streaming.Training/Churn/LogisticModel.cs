namespace Streaming.Training.Churn;

/// <summary>σ of a weighted sum of standardised features, fitted by Newton's method with a ridge. A feature that never varies has no part.</summary>
public sealed class LogisticModel
{
    /// <summary>Standard deviations beyond which a value is cut.</summary>
    public const float Limit = 6;

    private const int Iterations = 30;

    /// <summary>Mean of each feature.</summary>
    public required float[] Mean { get; init; }
    /// <summary>1 / standard deviation of each feature, or 0.</summary>
    public required float[] Inverse { get; init; }
    /// <summary>Weight of each standardised feature.</summary>
    public required float[] Weights { get; init; }
    /// <summary>Logit at the means.</summary>
    public required float Bias { get; init; }

    /// <summary>The logit of one row.</summary>
    public double Logit(ReadOnlySpan<float> row)
    {
        var sum = Bias;
        for (var f = 0; f < Weights.Length; f++) sum += Weights[f] * Math.Clamp((row[f] - Mean[f]) * Inverse[f], -Limit, Limit);
        return sum;
    }

    /// <summary>Fits.</summary>
    /// <param name="rows">Examples.</param>
    /// <param name="ridge">Pull of each weight towards 0, in examples.</param>
    /// <param name="columns">Features that may be used; null: all.</param>
    public static LogisticModel Fit(ChurnRows rows, double ridge, IReadOnlyList<int>? columns = null)
    {
        var n = ChurnFeatures.Count;
        var (mean, inverse) = Standardise(rows, n);
        if (columns is not null)
        {
            for (var f = 0; f < n; f++) inverse[f] = columns.Contains(f) ? inverse[f] : 0;
        }

        var used = Enumerable.Range(0, n).Where(f => inverse[f] > 0).ToArray();
        var theta = Newton(Scaled(rows, mean, inverse, used), rows, used.Length + 1, ridge);
        var weights = new float[n];
        for (var j = 0; j < used.Length; j++) weights[used[j]] = (float)theta[j];
        return new LogisticModel { Mean = mean, Inverse = inverse, Weights = weights, Bias = (float)theta[^1] };
    }

    private static (float[] Mean, float[] Inverse) Standardise(ChurnRows rows, int n)
    {
        var (sums, squares, weight) = (new double[n], new double[n], 0.0);
        for (var r = 0; r < rows.Rows; r++)
        {
            var row = rows.Row(r);
            var w = (double)rows.Weights[r];
            weight += w;
            for (var f = 0; f < n; f++)
            {
                sums[f] += w * row[f];
                squares[f] += w * row[f] * row[f];
            }
        }

        var mean = new float[n];
        var inverse = new float[n];
        for (var f = 0; f < n && weight > 0; f++)
        {
            var m = sums[f] / weight;
            var variance = (squares[f] / weight) - (m * m);
            mean[f] = (float)m;
            inverse[f] = variance > 1e-9 * Math.Max(1, m * m) ? (float)(1 / Math.Sqrt(variance)) : 0;
        }

        return (mean, inverse);
    }

    private static float[] Scaled(ChurnRows rows, float[] mean, float[] inverse, int[] used)
    {
        var width = used.Length + 1;
        var scaled = new float[rows.Rows * width];
        for (var r = 0; r < rows.Rows; r++)
        {
            var row = rows.Row(r);
            for (var j = 0; j < used.Length; j++) scaled[(r * width) + j] = Math.Clamp((row[used[j]] - mean[used[j]]) * inverse[used[j]], -Limit, Limit);
            scaled[(r * width) + used.Length] = 1;
        }

        return scaled;
    }

    private static double[] Newton(float[] x, ChurnRows rows, int width, double ridge)
    {
        var theta = new double[width];
        var gradient = new double[width];
        var hessian = new double[width * width];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            Array.Clear(gradient);
            Array.Clear(hessian);
            for (var r = 0; r < rows.Rows; r++) AddRow(x.AsSpan(r * width, width), rows.Bought[r], rows.Weights[r], theta, gradient, hessian);
            for (var j = 0; j < width; j++)
            {
                var pull = j == width - 1 ? 1e-6 : ridge;
                gradient[j] += pull * theta[j];
                hessian[(j * width) + j] += pull;
            }

            var step = Cholesky.Solve(hessian, gradient);
            var largest = step.Max(Math.Abs);
            var damp = largest > 4 ? 4 / largest : 1; // a far step from separable data would not come back
            for (var j = 0; j < width; j++) theta[j] -= damp * step[j];
            if (largest < 1e-7) break;
        }

        return theta;
    }

    private static void AddRow(ReadOnlySpan<float> row, bool bought, float weight, double[] theta, double[] gradient, double[] hessian)
    {
        var sum = 0.0;
        for (var j = 0; j < row.Length; j++) sum += theta[j] * row[j];
        var p = LogMath.Sigmoid(sum);
        var d = weight * (p - (bought ? 1 : 0));
        var h = weight * p * (1 - p);
        for (var j = 0; j < row.Length; j++)
        {
            gradient[j] += d * row[j];
            var hj = h * row[j];
            for (var k = 0; k <= j; k++) hessian[(j * row.Length) + k] += hj * row[k];
        }
    }
}
