using Streaming.Training.Onnx;

namespace Streaming.Training.Trees;

/// <summary>
/// Gradient boosting for yes-or-no outcomes: each tree is a Newton step of the logistic loss. Friedman, "Greedy function approximation", 2001; second-order gains as in Chen and Guestrin, "XGBoost", 2016;
/// histograms and best-leaf-first growth as in Ke et al., "LightGBM", 2017. One thread, no randomness: equal input gives equal bits.
/// </summary>
public static class BoostedTrees
{
    /// <summary>Fits; the sum of the trees is a logit.</summary>
    /// <param name="rows">Row-major [N, features].</param>
    /// <param name="features">Columns.</param>
    /// <param name="labels">Outcomes.</param>
    /// <param name="weights">Weight of each row.</param>
    /// <param name="options">Already validated.</param>
    /// <param name="cancellation">Ends it between two trees.</param>
    public static TreeEnsemble Fit(float[] rows, int features, IReadOnlyList<bool> labels, IReadOnlyList<float> weights, BoostedTreesOptions options, CancellationToken cancellation = default)
    {
        var count = labels.Count;
        var binned = new BinnedRows(rows, features, options.Bins);
        var start = StartLogit(labels, weights);
        var logits = new double[count];
        Array.Fill(logits, start);
        var (gradients, hessians) = (new double[count], new double[count]);
        var grower = new TreeGrower(binned, gradients, hessians, weights, options);
        var trees = new List<TreeEnsembleTree>();
        for (var t = 0; t < options.Trees; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var r = 0; r < count; r++)
            {
                var p = logits[r] >= 0 ? 1 / (1 + Math.Exp(-logits[r])) : Math.Exp(logits[r]) / (1 + Math.Exp(logits[r]));
                gradients[r] = weights[r] * (p - (labels[r] ? 1 : 0));
                hessians[r] = weights[r] * p * (1 - p);
            }

            if (grower.Grow(logits) is not { } tree) break;
            trees.Add(tree);
        }

        return new TreeEnsemble((float)start, trees);
    }

    // With half an example of each outcome added: all rows alike must not give an infinite logit.
    private static double StartLogit(IReadOnlyList<bool> labels, IReadOnlyList<float> weights)
    {
        double yes = 0.5, no = 0.5;
        for (var r = 0; r < labels.Count; r++)
        {
            if (labels[r]) yes += weights[r];
            else no += weights[r];
        }

        return Math.Log(yes / no);
    }
}
