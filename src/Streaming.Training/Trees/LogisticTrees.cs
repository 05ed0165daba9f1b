using Streaming.Training.Onnx;

namespace Streaming.Training.Trees;

/// <summary>Boosted trees for yes-or-no outcomes of weighted rows.</summary>
public static class LogisticTrees
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
        float[] weightOf = [.. weights];
        var start = StartLogit(labels, weightOf);
        var loss = new LogisticLoss([.. labels.Select(yes => yes ? 1.0 : 0)], weightOf, start);
        return new TreeBooster(BinnedRows.Cut([rows], features, options.Bins), loss, weightOf, options).Fit(cancellation: cancellation).ToEnsemble((float)start);
    }

    // With half an example of each outcome added: all rows alike must not give an infinite logit.
    private static double StartLogit(IReadOnlyList<bool> labels, float[] weights)
    {
        double yes = 0.5, no = 0.5;
        for (var r = 0; r < weights.Length; r++)
        {
            if (labels[r]) yes += weights[r];
            else no += weights[r];
        }

        return Math.Log(yes / no);
    }
}
