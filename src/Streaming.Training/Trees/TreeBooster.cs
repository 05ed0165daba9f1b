namespace Streaming.Training.Trees;

/// <summary>
/// Gradient boosting (Friedman, "Greedy function approximation", 2001) with Newton steps and second-order gains (Chen and Guestrin, "XGBoost", KDD 2016), histograms of bins and growth leaf by leaf by the greatest gain (Ke et al., "LightGBM",
/// NeurIPS 2017). The loss is the caller's. One thread, no randomness, a fixed order of sums: equal input gives equal bits.
/// </summary>
/// <param name="rows">Rows to learn from.</param>
/// <param name="loss">Of the same rows.</param>
/// <param name="weights">Weight of each row in <see cref="BoostedTreesOptions.LeastWeight"/>; null: 1.</param>
/// <param name="options">Already validated.</param>
internal sealed class TreeBooster(BinnedRows rows, ITreeLoss loss, float[]? weights, BoostedTreesOptions options)
{
    /// <summary>Grows trees until there are enough of them, no split gains anything, or the value has not been greater for some time; keeps those up to the greatest.</summary>
    /// <param name="value">Value of the trees so far on rows apart, greater is better; asked after each tree. Null: all trees are kept.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it between two trees.</param>
    public BoostedTrees Fit(Func<BoostedTrees, double>? value = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (gradients, curvatures) = (new float[rows.Count], new float[rows.Count]);
        var grower = new TreeGrower(rows, gradients, curvatures, weights, options);
        var trees = new BoostedTrees();
        var (best, bestCount) = (double.NegativeInfinity, 0);
        while (trees.Count < options.Trees && trees.Count - bestCount < options.Patience)
        {
            cancellation.ThrowIfCancellationRequested();
            loss.Differentiate(gradients, curvatures);
            if (!grower.Grow(trees, loss)) break;
            var now = value is null ? trees.Count : value(trees);
            if (now > best) (best, bestCount) = (now, trees.Count);
            progress?.Report((double)trees.Count / options.Trees);
        }

        trees.Truncate(bestCount);
        return trees;
    }
}
