namespace Streaming.Training.Trees;

/// <summary>A leaf of a tree that grows: its rows, their sums by bin, and its best split.</summary>
/// <param name="node">Node in the trees.</param>
/// <param name="from">Its rows, from here in the grower's order …</param>
/// <param name="to">… to before here.</param>
/// <param name="histogram">Sums of its rows.</param>
internal sealed class TreeLeaf(int node, int from, int to, Histogram histogram)
{
    /// <summary>Node in the trees.</summary>
    public int Node => node;
    /// <summary>First of its rows.</summary>
    public int From => from;
    /// <summary>End of its rows.</summary>
    public int To => to;
    /// <summary>Sums of its rows.</summary>
    public Histogram Histogram => histogram;
    /// <summary>Sum of the first derivatives.</summary>
    public double Gradient { get; private set; }
    /// <summary>Sum of the second derivatives.</summary>
    public double Curvature { get; private set; }
    /// <summary>What the best split gains; 0: none.</summary>
    public double Gain { get; private set; }
    /// <summary>Feature of the best split.</summary>
    public int Feature { get; private set; }
    /// <summary>Last bin that goes left.</summary>
    public int Bin { get; private set; }

    /// <summary>Finds the split with the greatest gain; of equal ones the first.</summary>
    public void FindSplit(BinnedRows rows, BoostedTreesOptions options)
    {
        foreach (ref var cell in histogram.Sums.AsSpan(0, rows.BinsAFeature)) (Gradient, Curvature) = (Gradient + cell.Gradient, Curvature + cell.Curvature);
        var whole = Gradient * Gradient / (Curvature + options.Ridge);
        for (var f = 0; f < rows.Features; f++)
        {
            var (first, last) = FirstAndLast(rows, f, options.LeastWeight);
            var (gradient, curvature) = (0.0, 0.0);
            for (var bin = 0; bin <= last; bin++)
            {
                ref var cell = ref histogram.Sums[(f * rows.BinsAFeature) + bin];
                (gradient, curvature) = (gradient + cell.Gradient, curvature + cell.Curvature);
                if (bin < first || curvature < options.LeastCurvature) continue;
                if (Curvature - curvature < options.LeastCurvature) break;
                var rest = Gradient - gradient;
                var gain = (gradient * gradient / (curvature + options.Ridge)) + (rest * rest / (Curvature - curvature + options.Ridge)) - whole;
                if (gain > Gain) (Gain, Feature, Bin) = (gain, f, bin);
            }
        }
    }

    // Bins after which a feature may be split so that either side has the least weight.
    private (int First, int Last) FirstAndLast(BinnedRows rows, int feature, double leastWeight)
    {
        var last = rows.Ends[feature].Length - 1;
        if (histogram.Weights is null) return (0, last);
        var weights = histogram.Weights.AsSpan(feature * rows.BinsAFeature, rows.BinsAFeature);
        var (all, left, first) = (0.0, 0.0, 0);
        foreach (var weight in weights) all += weight;
        while (first <= last && (left += weights[first]) < leastWeight) first++;
        var right = all;
        for (var bin = 0; bin <= last; bin++)
        {
            right -= weights[bin];
            if (right < leastWeight) return (first, bin - 1);
        }

        return (first, last);
    }
}
