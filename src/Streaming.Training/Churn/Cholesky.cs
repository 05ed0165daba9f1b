namespace Streaming.Training.Churn;

/// <summary>Symmetric positive definite systems (Golub and Van Loan, "Matrix Computations", §4.2). A pivot that rounding made too small is raised, so that no input divides by zero.</summary>
internal static class Cholesky
{
    private const double LeastPivot = 1e-12;

    /// <summary>x of A x = b.</summary>
    /// <param name="a">A, row-major [n, n]; its lower triangle is read, and replaced by the factor.</param>
    /// <param name="right">b, [n].</param>
    public static double[] Solve(double[] a, double[] right)
    {
        var n = right.Length;
        Factor(a, n);
        var x = (double[])right.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= a[(i * n) + k] * x[k];
            x[i] /= a[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) x[i] -= a[(k * n) + i] * x[k];
            x[i] /= a[(i * n) + i];
        }

        return x;
    }

    /// <summary>Inverse of a matrix.</summary>
    /// <param name="a">Row-major [n, n]; its lower triangle is read, and overwritten.</param>
    /// <param name="n">Size.</param>
    public static double[] Invert(double[] a, int n)
    {
        Factor(a, n);
        // L⁻¹ in place, then L⁻ᵀ L⁻¹.
        for (var j = 0; j < n; j++)
        {
            a[(j * n) + j] = 1 / a[(j * n) + j];
            for (var i = j + 1; i < n; i++)
            {
                var sum = 0.0;
                for (var k = j; k < i; k++) sum -= a[(i * n) + k] * a[(k * n) + j];
                a[(i * n) + j] = sum / a[(i * n) + i];
            }
        }

        var inverse = new double[n * n];
        for (var k = 0; k < n; k++)
        {
            for (var i = 0; i <= k; i++)
            {
                var left = a[(k * n) + i];
                if (left == 0) continue;
                for (var j = 0; j <= i; j++) inverse[(i * n) + j] += left * a[(k * n) + j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++) inverse[(j * n) + i] = inverse[(i * n) + j];
        }

        return inverse;
    }

    private static void Factor(double[] a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            var line = a.AsSpan(j * n, j + 1);
            var pivot = line[j];
            var least = LeastPivot * Math.Max(pivot, 1e-300);
            for (var k = 0; k < j; k++) pivot -= line[k] * line[k];
            var root = Math.Sqrt(Math.Max(pivot, least));
            a[(j * n) + j] = root;
            for (var i = j + 1; i < n; i++)
            {
                var lower = a.AsSpan(i * n, j + 1);
                var sum = lower[j];
                for (var k = 0; k < j; k++) sum -= lower[k] * line[k];
                a[(i * n) + j] = sum / root;
            }
        }
    }
}
