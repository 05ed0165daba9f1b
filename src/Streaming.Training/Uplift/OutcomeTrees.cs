using Streaming.Training.Trees;

namespace Streaming.Training.Uplift;

/// <summary>The expected outcome by boosted trees: 100 of 8 leaves, rate 0.1, at least 20 rows a leaf; logistic loss for outcomes of 0 and 1, squared loss for others.</summary>
internal sealed class OutcomeTrees
{
    private static readonly BoostedTreesOptions Options = new() { Trees = 100, Leaves = 8, LearningRate = 0.1, LeastWeight = 20, LeastGain = 1e-12, Ridge = 1, Bins = 64 };
    private readonly BoostedTrees _trees;
    private readonly double _start;
    private readonly bool _logistic;

    /// <summary>Fits.</summary>
    /// <param name="matrix">All rows.</param>
    /// <param name="rows">Rows to fit on.</param>
    /// <param name="outcome">Outcome of every row.</param>
    /// <param name="logistic">True: outcomes are 0 or 1.</param>
    public OutcomeTrees(TrialMatrix matrix, int[] rows, double[] outcome, bool logistic)
    {
        _logistic = logistic;
        double[] outcomes = [.. rows.Select(r => outcome[r])];
        var mean = outcomes.Length == 0 ? 0 : outcomes.Average();
        _start = logistic ? Logit(Math.Clamp(mean, 1e-6, 1 - 1e-6)) : mean;
        ITreeLoss loss = logistic ? new LogisticLoss(outcomes, null, _start) : new SquaredLoss(outcomes, _start);
        _trees = matrix.Columns == 0 ? new BoostedTrees() : new TreeBooster(BinnedRows.Cut([matrix.Rows(rows)], matrix.Columns, Options.Bins), loss, null, Options).Fit();
    }

    /// <summary>Expected outcome of a row.</summary>
    public double Predict(ReadOnlySpan<float> row)
    {
        var score = _start + _trees.Score(row);
        return _logistic ? 1 / (1 + Math.Exp(-score)) : score;
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
