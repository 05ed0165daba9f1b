namespace Streaming.Training.Embeddings;

/// <summary>All eigenvalues and eigenvectors of a small symmetric matrix: cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations", §8.5).</summary>
internal static class JacobiEigen
{
    private const int MaxSweeps = 60;

    /// <summary>Solves.</summary>
    /// <param name="a">Row-major [k, k]; overwritten.</param>
    /// <param name="k">Size.</param>
    /// <returns>Values, and vectors as columns of a row-major [k, k] matrix.</returns>
    public static (double[] Values, double[] Vectors) Of(double[] a, int k)
    {
        var v = new double[k * k];
        for (var i = 0; i < k; i++) v[(i * k) + i] = 1;
        for (var sweep = 0; sweep < MaxSweeps && OffDiagonal(a, k) > 1e-22 * Diagonal(a, k); sweep++)
        {
            for (var p = 0; p < k - 1; p++)
            {
                for (var q = p + 1; q < k; q++) Rotate(a, v, k, p, q);
            }
        }

        var values = new double[k];
        for (var i = 0; i < k; i++) values[i] = a[(i * k) + i];
        return (values, v);
    }

    private static void Rotate(double[] a, double[] v, int k, int p, int q)
    {
        var apq = a[(p * k) + q];
        if (apq == 0) return;
        var tau = (a[(q * k) + q] - a[(p * k) + p]) / (2 * apq);
        var t = (tau >= 0 ? 1 : -1) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));
        var c = 1 / Math.Sqrt(1 + (t * t));
        var s = t * c;
        for (var i = 0; i < k; i++)
        {
            var (aip, aiq) = (a[(i * k) + p], a[(i * k) + q]);
            (a[(i * k) + p], a[(i * k) + q]) = ((c * aip) - (s * aiq), (s * aip) + (c * aiq));
            var (vip, viq) = (v[(i * k) + p], v[(i * k) + q]);
            (v[(i * k) + p], v[(i * k) + q]) = ((c * vip) - (s * viq), (s * vip) + (c * viq));
        }

        for (var i = 0; i < k; i++)
        {
            var (api, aqi) = (a[(p * k) + i], a[(q * k) + i]);
            (a[(p * k) + i], a[(q * k) + i]) = ((c * api) - (s * aqi), (s * api) + (c * aqi));
        }
    }

    private static double OffDiagonal(double[] a, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++) sum += i == j ? 0 : a[(i * k) + j] * a[(i * k) + j];
        }

        return sum;
    }

    private static double Diagonal(double[] a, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < k; i++) sum += a[(i * k) + i] * a[(i * k) + i];
        return sum;
    }
}
