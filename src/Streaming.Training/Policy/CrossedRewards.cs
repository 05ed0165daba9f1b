namespace Streaming.Training.Policy;

/// <summary>
/// Cross-fitting (Chernozhukov and others 2018): the rates that a row of the log is corrected by come of a model of the other folds, so that no click has a say in what is expected of its own row. The penalty too is chosen by the other folds
/// alone, by the log-loss of each left out in turn; at equality the stronger one.
/// </summary>
internal sealed class CrossedRewards
{
    // From one rate for all down; a variance of 1/4 is what item features of a click rate may well have.
    private static readonly double[] Grid = [double.PositiveInfinity, 256, 64, 16, 4];

    /// <summary>Fits one model a fold.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folds">Counts of each fold of the log.</param>
    /// <param name="cells">Number of cells.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public CrossedRewards(RewardModel model, CellCounts[] folds, int cells, Action<double>? progress, CancellationToken cancellation)
    {
        Rates = new double[folds.Length][];
        Penalties = new double[folds.Length];
        var (gain, rows) = (0.0, 0.0);
        for (var f = 0; f < folds.Length; f++)
        {
            cancellation.ThrowIfCancellationRequested();
            CellCounts[] others = [.. folds.Where((_, i) => i != f)];
            var all = CellCounts.Sum(others, cells);
            Penalties[f] = others.Length < 2 ? Grid[0] : Choose(model, others, cells);
            Rates[f] = model.Rates(all, Penalties[f]);
            gain += folds[f].LogLoss(model.Rates(all, Grid[0])) - folds[f].LogLoss(Rates[f]);
            rows += folds[f].Rows.Sum(r => (double)r);
            progress?.Invoke((f + 1.0) / folds.Length);
        }

        Gain = gain / rows;
        Mean = [.. Enumerable.Range(0, cells).Select(c => Rates.Average(r => r[c]))];
    }

    /// <summary>Rates of each cell, for the rows of each fold: [fold][cell].</summary>
    public double[][] Rates { get; }

    /// <summary>Mean of the models' rates, by cell.</summary>
    public double[] Mean { get; }

    /// <summary>Penalty of each fold.</summary>
    public double[] Penalties { get; }

    /// <summary>Log-loss a row of one rate for all, less that of the model, on rows of the left-out folds.</summary>
    public double Gain { get; }

    /// <summary>Deals rows to folds of equal size.</summary>
    public static int[] Deal(int rows, int folds, int seed)
    {
        var foldOf = new int[rows];
        for (var r = 0; r < rows; r++) foldOf[r] = r % folds;
        new SeededRandom((ulong)seed ^ 0xf01d).Shuffle(foldOf.AsSpan());
        return foldOf;
    }

    private static double Choose(RewardModel model, CellCounts[] folds, int cells)
    {
        var losses = new double[Grid.Length];
        for (var f = 0; f < folds.Length; f++)
        {
            var others = CellCounts.Sum(folds.Where((_, i) => i != f), cells);
            for (var g = 0; g < Grid.Length; g++) losses[g] += folds[f].LogLoss(model.Rates(others, Grid[g]));
        }

        return Grid[Array.IndexOf(losses, losses.Min())];
    }
}
