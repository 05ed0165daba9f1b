namespace Streaming.Training.Embeddings;

/// <summary>A symmetric sparse matrix, both halves stored row by row.</summary>
/// <param name="Starts">Where each row starts; one more than rows.</param>
/// <param name="Columns">Column of each value, ascending within a row.</param>
/// <param name="Values">The values.</param>
internal sealed record SparseSymmetric(int[] Starts, int[] Columns, float[] Values)
{
    /// <summary>Rows, and columns.</summary>
    public int Size => Starts.Length - 1;

    /// <summary>into = this × dense. Rows are independent and each is summed in column order, so the number of threads changes no bit.</summary>
    /// <param name="dense">Row-major [<see cref="Size"/>, k].</param>
    /// <param name="k">Columns of the dense matrix.</param>
    /// <param name="into">Likewise.</param>
    /// <param name="threads">How many rows are worked on at a time.</param>
    public void Multiply(double[] dense, int k, double[] into, int threads) =>
        Parallel.For(0, Size, new ParallelOptions { MaxDegreeOfParallelism = threads }, row =>
        {
            var sum = into.AsSpan(row * k, k);
            sum.Clear();
            for (var e = Starts[row]; e < Starts[row + 1]; e++)
            {
                var from = dense.AsSpan(Columns[e] * k, k);
                var value = (double)Values[e];
                for (var j = 0; j < sum.Length; j++) sum[j] += value * from[j];
            }
        });
}
