namespace Streaming.Training.Embeddings;

/// <summary>
/// The leading eigenvectors of a sparse symmetric matrix: subspace iteration from a seeded start with re-orthogonalisation, then Rayleigh-Ritz in the subspace
/// (Halko, Martinsson and Tropp, "Finding structure with randomness", 2011, §4.5). Every sum has a fixed order.
/// </summary>
internal static class Eigenvectors
{
    private const int Extra = 8;

    /// <summary>Eigenvalues in falling order, those above 0 only, with their vectors.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="count">Most vectors.</param>
    /// <param name="options">Iterations, threads, seed.</param>
    /// <returns>Values, and vectors as columns of a row-major [n, values] matrix.</returns>
    public static (double[] Values, double[] Vectors) Leading(SparseSymmetric matrix, int count, EmbeddingTrainerOptions options)
    {
        var n = matrix.Size;
        var k = Math.Min(n, count + Extra);
        var random = new SeededRandom((ulong)options.Seed);
        var q = new double[n * k];
        for (var i = 0; i < q.Length; i++) q[i] = random.Normal();
        Orthonormalise(q, n, k);
        var y = new double[q.Length];
        for (var iteration = 0; iteration < options.Iterations; iteration++)
        {
            matrix.Multiply(q, k, y, options.Threads);
            (q, y) = (y, q);
            Orthonormalise(q, n, k);
        }

        matrix.Multiply(q, k, y, options.Threads);
        var (values, rotation) = JacobiEigen.Of(Product(q, y, n, k), k);
        var order = Enumerable.Range(0, k).Where(j => values[j] > 1e-9).OrderByDescending(j => values[j]).ThenBy(j => j).Take(count).ToArray();
        return ([.. order.Select(j => values[j])], Rotate(q, rotation, order, n, k));
    }

    /// <summary>Modified Gram-Schmidt, twice, on the columns; a column that vanishes becomes 0.</summary>
    private static void Orthonormalise(double[] q, int n, int k)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var p = 0; p < j; p++)
                {
                    var dot = 0.0;
                    for (var i = 0; i < n; i++) dot += q[(i * k) + p] * q[(i * k) + j];
                    for (var i = 0; i < n; i++) q[(i * k) + j] -= dot * q[(i * k) + p];
                }

                var squares = 0.0;
                for (var i = 0; i < n; i++) squares += q[(i * k) + j] * q[(i * k) + j];
                var scale = squares > 1e-24 ? 1 / Math.Sqrt(squares) : 0;
                for (var i = 0; i < n; i++) q[(i * k) + j] *= scale;
            }
        }
    }

    /// <summary>qᵀ y, made exactly symmetric.</summary>
    private static double[] Product(double[] q, double[] y, int n, int k)
    {
        var b = new double[k * k];
        for (var i = 0; i < n; i++)
        {
            for (var r = 0; r < k; r++)
            {
                for (var c = 0; c < k; c++) b[(r * k) + c] += q[(i * k) + r] * y[(i * k) + c];
            }
        }

        for (var r = 0; r < k; r++)
        {
            for (var c = r + 1; c < k; c++) b[(r * k) + c] = b[(c * k) + r] = (b[(r * k) + c] + b[(c * k) + r]) / 2;
        }

        return b;
    }

    private static double[] Rotate(double[] q, double[] rotation, int[] columns, int n, int k)
    {
        var vectors = new double[n * columns.Length];
        for (var i = 0; i < n; i++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                var sum = 0.0;
                for (var r = 0; r < k; r++) sum += q[(i * k) + r] * rotation[(r * k) + columns[c]];
                vectors[(i * columns.Length) + c] = sum;
            }
        }

        return vectors;
    }
}
