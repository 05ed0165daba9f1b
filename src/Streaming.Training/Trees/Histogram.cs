namespace Streaming.Training.Trees;

/// <summary>A leaf's sums by feature and bin.</summary>
/// <param name="rows">All rows.</param>
/// <param name="weighs">Whether weights are summed too.</param>
internal sealed class Histogram(BinnedRows rows, bool weighs)
{
    /// <summary>Sums of derivatives, [feature, bin].</summary>
    public BinSums[] Sums { get; } = new BinSums[rows.Features * rows.BinsAFeature];

    /// <summary>Sums of weights, [feature, bin]; null where they are not asked for.</summary>
    public double[]? Weights { get; } = weighs ? new double[rows.Features * rows.BinsAFeature] : null;

    /// <summary>Adds rows.</summary>
    /// <param name="which">Their numbers.</param>
    /// <param name="gradients">First derivative of every row.</param>
    /// <param name="curvatures">Second derivative of every row.</param>
    public void Add(ReadOnlySpan<int> which, float[] gradients, float[] curvatures)
    {
        var (sums, all, features, stride) = (Sums, rows.Bins, rows.Features, rows.BinsAFeature);
        foreach (var row in which)
        {
            var (gradient, curvature) = ((double)gradients[row], (double)curvatures[row]);
            var at = 0;
            foreach (var bin in all.AsSpan(row * features, features))
            {
                ref var cell = ref sums[at + bin];
                cell.Gradient += gradient;
                cell.Curvature += curvature;
                at += stride;
            }
        }
    }

    /// <summary>Adds the weights of rows.</summary>
    /// <param name="which">Their numbers.</param>
    /// <param name="weights">Weight of every row; null: 1.</param>
    public void AddWeights(ReadOnlySpan<int> which, float[]? weights)
    {
        if (Weights is not { } sums) return;
        var (all, features, stride) = (rows.Bins, rows.Features, rows.BinsAFeature);
        foreach (var row in which)
        {
            var weight = weights is null ? 1 : (double)weights[row];
            var at = 0;
            foreach (var bin in all.AsSpan(row * features, features))
            {
                sums[at + bin] += weight;
                at += stride;
            }
        }
    }

    /// <summary>Takes away what a part of the rows has.</summary>
    public void Subtract(Histogram part)
    {
        var (sums, less) = (Sums, part.Sums);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i].Gradient -= less[i].Gradient;
            sums[i].Curvature -= less[i].Curvature;
        }

        for (var i = 0; i < Weights?.Length; i++) Weights[i] -= part.Weights![i];
    }
}
