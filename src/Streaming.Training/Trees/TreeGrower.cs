using Streaming.Training.Onnx;

namespace Streaming.Training.Trees;

/// <summary>Grows one tree after another: the leaf whose parting gains most is parted next. A child's histogram is its parent's less its sibling's.</summary>
internal sealed class TreeGrower(BinnedRows rows, double[] gradients, double[] hessians, IReadOnlyList<float> weights, BoostedTreesOptions options)
{
    private const int Sums = 3;
    private const double LeastGain = 1e-9;
    private readonly int _features = rows.Bins.Length;
    private readonly int[] _order = new int[gradients.Length];
    private readonly int[] _right = new int[gradients.Length];

    /// <summary>Grows a tree on the gradients as they stand and adds its answers to the logits; null where no parting gains anything.</summary>
    public TreeEnsembleTree? Grow(double[] logits)
    {
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        var tree = new TreeUnderway();
        var open = new List<TreeSplit> { Leaf(tree.Add(), 0, _order.Length, Histogram(0, _order.Length)) };
        while (open.Count < options.Leaves)
        {
            var best = open.MaxBy(l => l.Gain)!;
            if (!(best.Gain > LeastGain)) break;
            open.Remove(best);
            open.AddRange(Part(tree, best));
        }

        if (open.Count == 1) return null;
        foreach (var leaf in open)
        {
            var value = (float)Value(leaf);
            tree.Value[leaf.Node] = value;
            for (var i = leaf.From; i < leaf.To; i++) logits[_order[i]] += value;
        }

        return tree.ToTree();
    }

    private double Value(TreeSplit leaf)
    {
        double g = 0, h = 0;
        for (var i = leaf.From; i < leaf.To; i++)
        {
            g += gradients[_order[i]];
            h += hessians[_order[i]];
        }

        return -options.LearningRate * g / (h + options.Ridge);
    }

    private IEnumerable<TreeSplit> Part(TreeUnderway tree, TreeSplit leaf)
    {
        var bins = rows.Bins[leaf.Feature];
        var (left, right) = (leaf.From, 0);
        for (var i = leaf.From; i < leaf.To; i++)
        {
            var row = _order[i];
            if (bins[row] <= leaf.Bin) _order[left++] = row;
            else _right[right++] = row;
        }

        Array.Copy(_right, 0, _order, left, right);
        var (leftNode, rightNode) = tree.Part(leaf.Node, leaf.Feature, rows.Ends[leaf.Feature][leaf.Bin]);
        var leftIsSmall = left - leaf.From <= right;
        var small = leftIsSmall ? Histogram(leaf.From, left) : Histogram(left, leaf.To);
        var large = leaf.Histogram;
        for (var i = 0; i < large.Length; i++) large[i] -= small[i];
        yield return Leaf(leftNode, leaf.From, left, leftIsSmall ? small : large);
        yield return Leaf(rightNode, left, leaf.To, leftIsSmall ? large : small);
    }

    private double[] Histogram(int from, int to)
    {
        var sums = new double[_features * options.Bins * Sums];
        for (var f = 0; f < _features; f++)
        {
            if (rows.Ends[f].Length == 0) continue; // the feature never varies
            var (bins, start) = (rows.Bins[f], f * options.Bins * Sums);
            for (var i = from; i < to; i++)
            {
                var row = _order[i];
                var at = start + (bins[row] * Sums);
                sums[at] += gradients[row];
                sums[at + 1] += hessians[row];
                sums[at + 2] += weights[row];
            }
        }

        return sums;
    }

    private TreeSplit Leaf(int node, int from, int to, double[] histogram)
    {
        var leaf = new TreeSplit { Node = node, From = from, To = to, Histogram = histogram };
        for (var f = 0; f < _features; f++)
        {
            if (rows.Ends[f].Length > 0) Try(leaf, f);
        }

        return leaf;
    }

    private void Try(TreeSplit leaf, int feature)
    {
        var sums = leaf.Histogram.AsSpan(feature * options.Bins * Sums, options.Bins * Sums);
        double g = 0, h = 0, w = 0;
        for (var i = 0; i < sums.Length; i += Sums) (g, h, w) = (g + sums[i], h + sums[i + 1], w + sums[i + 2]);
        var whole = g * g / (h + options.Ridge);
        double gl = 0, hl = 0, wl = 0;
        for (var bin = 0; bin < rows.Ends[feature].Length; bin++)
        {
            (gl, hl, wl) = (gl + sums[bin * Sums], hl + sums[(bin * Sums) + 1], wl + sums[(bin * Sums) + 2]);
            if (wl < options.LeastWeight || w - wl < options.LeastWeight) continue;
            var gain = (gl * gl / (hl + options.Ridge)) + ((g - gl) * (g - gl) / (h - hl + options.Ridge)) - whole;
            if (gain > leaf.Gain) (leaf.Gain, leaf.Feature, leaf.Bin) = (gain, feature, bin);
        }
    }
}
