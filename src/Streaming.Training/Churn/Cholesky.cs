namespace Streaming.Training.Churn;

/// <summary>Solves symmetric positive definite systems.</summary>
internal static class Cholesky
{
    private const double Smallest = 1e-12;

    /// <summary>x of A x = b.</summary>
    /// <param name="matrix">A; its lower triangle is read, and replaced by the factor.</param>
    /// <param name="right">b.</param>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        var x = (double[])right.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++) sum -= matrix[i, k] * matrix[j, k];
                matrix[i, j] = i == j ? Math.Sqrt(Math.Max(Smallest, sum)) : sum / matrix[j, j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= matrix[i, k] * x[k];
            x[i] /= matrix[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) x[i] -= matrix[k, i] * x[k];
            x[i] /= matrix[i, i];
        }

        return x;
    }
}
