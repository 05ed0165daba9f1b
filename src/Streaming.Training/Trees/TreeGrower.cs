namespace Streaming.Training.Trees;

/// <summary>Grows one tree after another on the derivatives as they stand: the leaf whose split gains most is split next. The greater child's histogram is its parent's less its sibling's.</summary>
internal sealed class TreeGrower(BinnedRows rows, float[] gradients, float[] curvatures, float[]? weights, BoostedTreesOptions options)
{
    private readonly int[] _order = new int[rows.Count];
    private readonly int[] _scratch = new int[rows.Count];

    /// <summary>Adds a tree, and its answers to the scores.</summary>
    /// <returns>False where no split gains anything: what was added is a leaf alone.</returns>
    public bool Grow(BoostedTrees trees, ITreeLoss loss)
    {
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        trees.BeginTree();
        var leaves = new List<TreeLeaf> { Leaf(trees.AddLeaf(0), 0, _order.Length, Count(0, _order.Length)) };
        while (leaves.Count < options.Leaves && leaves.MaxBy(leaf => leaf.Gain) is { } leaf && leaf.Gain > options.LeastGain)
        {
            leaves.Remove(leaf);
            var (left, right) = Split(trees, leaf);
            leaves.Add(left);
            leaves.Add(right);
        }

        if (leaves.Count == 1) return false;
        foreach (var leaf in leaves)
        {
            var value = (float)(-leaf.Gradient / (leaf.Curvature + options.Ridge)) * (float)options.LearningRate;
            trees.SetLeaf(leaf.Node, value);
            loss.Add(_order.AsSpan(leaf.From, leaf.To - leaf.From), value);
        }

        return true;
    }

    private (TreeLeaf Left, TreeLeaf Right) Split(BoostedTrees trees, TreeLeaf leaf)
    {
        var middle = Partition(leaf);
        var (left, right) = (trees.AddLeaf(0), trees.AddLeaf(0));
        trees.Split(leaf.Node, leaf.Feature, rows.Ends[leaf.Feature][leaf.Bin], left, right);
        var leftIsSmall = middle - leaf.From <= leaf.To - middle;
        var small = leftIsSmall ? Count(leaf.From, middle) : Count(middle, leaf.To);
        var large = leaf.Histogram;
        large.Subtract(small);
        return (Leaf(left, leaf.From, middle, leftIsSmall ? small : large), Leaf(right, middle, leaf.To, leftIsSmall ? large : small));
    }

    private TreeLeaf Leaf(int node, int from, int to, Histogram histogram)
    {
        var leaf = new TreeLeaf(node, from, to, histogram);
        leaf.FindSplit(rows, options);
        return leaf;
    }

    private Histogram Count(int from, int to)
    {
        var histogram = new Histogram(rows, options.LeastWeight > 0);
        histogram.Add(_order.AsSpan(from, to - from), gradients, curvatures);
        histogram.AddWeights(_order.AsSpan(from, to - from), weights);
        return histogram;
    }

    private int Partition(TreeLeaf leaf)
    {
        var (low, high) = (leaf.From, 0);
        for (var i = leaf.From; i < leaf.To; i++)
        {
            var row = _order[i];
            if (rows.Bins[(row * rows.Features) + leaf.Feature] <= leaf.Bin) _order[low++] = row;
            else _scratch[high++] = row;
        }

        _scratch.AsSpan(0, high).CopyTo(_order.AsSpan(low));
        return low;
    }
}
