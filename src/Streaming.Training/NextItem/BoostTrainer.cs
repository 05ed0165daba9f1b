namespace Streaming.Training.NextItem;

/// <summary>
/// Gradient boosting on groups with one right row each: softmax over a group's rows, Newton steps, trees grown leaf by leaf by the greatest gain (LightGBM: Ke et al., NeurIPS 2017; loss as
/// ListNet, Cao et al., ICML 2007). One thread and a fixed order: the same rows give the same trees.
/// </summary>
internal sealed class BoostTrainer(BoostData data, BoostSettings settings)
{
    private readonly float[] _scores = new float[data.RowCount];
    private readonly float[] _gradients = new float[data.RowCount];
    private readonly float[] _curvatures = new float[data.RowCount];
    private readonly int[] _rows = new int[data.RowCount];
    private readonly int[] _scratch = new int[data.RowCount];

    /// <summary>Grows trees until there are enough of them or the choice rows have not been better for some time; keeps those up to the best.</summary>
    /// <param name="value">Value of the trees so far on rows apart, greater is better; asked after each tree.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public BoostedTrees Train(Func<BoostedTrees, double> value, IProgress<double>? progress, CancellationToken cancellation)
    {
        var trees = new BoostedTrees();
        var (best, bestCount) = (double.NegativeInfinity, 0);
        while (trees.Count < settings.Trees && trees.Count - bestCount < settings.Patience)
        {
            cancellation.ThrowIfCancellationRequested();
            Differentiate();
            if (!Grow(trees)) break;
            if (value(trees) is var now && now > best) (best, bestCount) = (now, trees.Count);
            progress?.Report((double)trees.Count / settings.Trees);
        }

        trees.Truncate(bestCount);
        return trees;
    }

    private void Differentiate()
    {
        for (var g = 0; g < data.Positives.Length; g++)
        {
            var (from, to) = (data.Groups[g], data.Groups[g + 1]);
            var (most, sum) = (float.NegativeInfinity, 0f);
            for (var row = from; row < to; row++) most = MathF.Max(most, _scores[row]);
            for (var row = from; row < to; row++) sum += _gradients[row] = data.Weights[row] * MathF.Exp(_scores[row] - most);
            for (var row = from; row < to; row++)
            {
                var chance = _gradients[row] / sum;
                _gradients[row] = chance;
                _curvatures[row] = MathF.Max(1e-6f, chance * (1 - chance));
            }

            _gradients[data.Positives[g]] -= 1;
        }
    }

    private bool Grow(BoostedTrees trees)
    {
        for (var i = 0; i < _rows.Length; i++) _rows[i] = i;
        trees.BeginTree();
        var root = new BoostLeaf(trees.AddLeaf(0), 0, _rows.Length, data.Features);
        Count(root);
        root.FindSplit(data, settings);
        var leaves = new List<BoostLeaf> { root };
        while (leaves.Count < settings.Leaves && leaves.MaxBy(leaf => leaf.Gain) is { Gain: > 0 } leaf)
        {
            leaves.Remove(leaf);
            var (left, right) = Split(trees, leaf);
            leaves.Add(left);
            leaves.Add(right);
        }

        foreach (var leaf in leaves) SetValue(trees, leaf);
        return leaves.Count > 1;
    }

    private (BoostLeaf Left, BoostLeaf Right) Split(BoostedTrees trees, BoostLeaf leaf)
    {
        var middle = Partition(leaf);
        var left = new BoostLeaf(trees.AddLeaf(0), leaf.From, middle, data.Features);
        var right = new BoostLeaf(trees.AddLeaf(0), middle, leaf.To, data.Features);
        trees.Split(leaf.Node, leaf.Feature, data.Ends[leaf.Feature][leaf.Bin], left.Node, right.Node);
        var (small, large) = left.RowCount <= right.RowCount ? (left, right) : (right, left);
        Count(small);
        large.TakeDifference(leaf, small);
        small.FindSplit(data, settings);
        large.FindSplit(data, settings);
        return (left, right);
    }

    private int Partition(BoostLeaf leaf)
    {
        var (low, high) = (leaf.From, 0);
        for (var i = leaf.From; i < leaf.To; i++)
        {
            var row = _rows[i];
            if (data.Rows[(row * data.Features) + leaf.Feature] <= leaf.Bin) _rows[low++] = row;
            else _scratch[high++] = row;
        }

        _scratch.AsSpan(0, high).CopyTo(_rows.AsSpan(low));
        return low;
    }

    private void Count(BoostLeaf leaf)
    {
        var (histogram, features) = (leaf.Histogram, data.Features);
        for (var i = leaf.From; i < leaf.To; i++)
        {
            var row = _rows[i];
            var (gradient, curvature) = ((double)_gradients[row], (double)_curvatures[row]);
            var bins = data.Rows.AsSpan(row * features, features);
            var at = 0;
            foreach (var bin in bins)
            {
                ref var cell = ref histogram[at + bin];
                cell.Gradient += gradient;
                cell.Curvature += curvature;
                at += BoostData.Bins;
            }
        }
    }

    private void SetValue(BoostedTrees trees, BoostLeaf leaf)
    {
        var value = (float)(-leaf.Gradient / (leaf.Curvature + settings.Ridge)) * settings.LearningRate;
        trees.SetLeaf(leaf.Node, value);
        for (var i = leaf.From; i < leaf.To; i++) _scores[_rows[i]] += value;
    }
}
