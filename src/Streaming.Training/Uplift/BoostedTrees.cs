namespace Streaming.Training.Uplift;

/// <summary>
/// Gradient-boosted regression trees on binned columns (Friedman, "Greedy function approximation", 2001; splits by second-order gain as in Chen and Guestrin, "XGBoost", 2016): 100 trees of 8 leaves, rate 0.1, at least 20 rows a leaf.
/// Logistic loss for outcomes of 0 and 1, squared loss for others. No chance in it.
/// </summary>
internal sealed class BoostedTrees
{
    private const int Trees = 100, Leaves = 8, LeastRows = 20;
    private const double Rate = 0.1, Penalty = 1;
    private readonly List<Node[]> _trees = [];
    private readonly bool _logistic;
    private readonly double _start;

    /// <summary>Fits.</summary>
    /// <param name="bins">Bin of each value, [column][row], below <paramref name="binCount"/>.</param>
    /// <param name="binCount">Bins.</param>
    /// <param name="rows">Rows to fit on.</param>
    /// <param name="outcome">Outcome of every row.</param>
    /// <param name="logistic">True: outcomes are 0 or 1.</param>
    public BoostedTrees(byte[][] bins, int binCount, int[] rows, double[] outcome, bool logistic)
    {
        _logistic = logistic;
        var mean = rows.Length == 0 ? 0 : rows.Average(r => outcome[r]);
        _start = logistic ? Math.Log(Math.Clamp(mean, 1e-6, 1 - 1e-6) / (1 - Math.Clamp(mean, 1e-6, 1 - 1e-6))) : mean;
        var raw = new double[outcome.Length];
        foreach (var row in rows) raw[row] = _start;
        var (gradient, curvature) = (new double[outcome.Length], new double[outcome.Length]);
        for (var t = 0; t < Trees; t++)
        {
            foreach (var row in rows)
            {
                var p = Value(raw[row]);
                (gradient[row], curvature[row]) = (outcome[row] - p, logistic ? p * (1 - p) : 1);
            }

            var tree = Grow(bins, binCount, [.. rows], gradient, curvature);
            if (tree.Length == 1 && tree[0].Value == 0) break;
            _trees.Add(tree);
            foreach (var row in rows) raw[row] += Descend(tree, bins, row);
        }
    }

    /// <summary>Expected outcome of a row.</summary>
    public double Predict(byte[][] bins, int row)
    {
        var raw = _start;
        foreach (var tree in _trees) raw += Descend(tree, bins, row);
        return Value(raw);
    }

    private double Value(double raw) => _logistic ? 1 / (1 + Math.Exp(-raw)) : raw;

    private static double Descend(Node[] tree, byte[][] bins, int row)
    {
        var at = 0;
        while (tree[at].Column >= 0) at = bins[tree[at].Column][row] <= tree[at].Bin ? tree[at].Left : tree[at].Left + 1;
        return tree[at].Value;
    }

    /// <summary>The leaf with the greatest gain is split until there are enough of them.</summary>
    private static Node[] Grow(byte[][] bins, int binCount, int[] rows, double[] gradient, double[] curvature)
    {
        var nodes = new List<Node> { Leaf(rows, gradient, curvature) };
        var open = new List<(int Node, int[] Rows, Split Best)> { (0, rows, Find(bins, binCount, rows, gradient, curvature)) };
        for (var leaves = 1; leaves < Leaves; leaves++)
        {
            var next = open.MaxBy(o => o.Best.Gain);
            if (!(next.Best.Gain > 1e-12)) break;
            open.Remove(next);
            var column = bins[next.Best.Column];
            int[][] sides = [[.. next.Rows.Where(r => column[r] <= next.Best.Bin)], [.. next.Rows.Where(r => column[r] > next.Best.Bin)]];
            nodes[next.Node] = new Node(next.Best.Column, next.Best.Bin, nodes.Count, 0);
            foreach (var side in sides)
            {
                open.Add((nodes.Count, side, Find(bins, binCount, side, gradient, curvature)));
                nodes.Add(Leaf(side, gradient, curvature));
            }
        }

        return [.. nodes];
    }

    private static Node Leaf(int[] rows, double[] gradient, double[] curvature) => new(-1, 0, 0, Rate * rows.Sum(r => gradient[r]) / (rows.Sum(r => curvature[r]) + Penalty));

    private static Split Find(byte[][] bins, int binCount, int[] rows, double[] gradient, double[] curvature)
    {
        var best = new Split(0, -1, 0);
        if (rows.Length < 2 * LeastRows) return best;
        var (g, h, n) = (new double[binCount], new double[binCount], new int[binCount]);
        var (allG, allH) = (rows.Sum(r => gradient[r]), rows.Sum(r => curvature[r]));
        var whole = allG * allG / (allH + Penalty);
        for (var c = 0; c < bins.Length; c++)
        {
            Array.Clear(g);
            Array.Clear(h);
            Array.Clear(n);
            foreach (var row in rows)
            {
                var bin = bins[c][row];
                g[bin] += gradient[row];
                h[bin] += curvature[row];
                n[bin]++;
            }

            var (leftG, leftH, left) = (0.0, 0.0, 0);
            for (var b = 0; b < binCount - 1; b++)
            {
                (leftG, leftH, left) = (leftG + g[b], leftH + h[b], left + n[b]);
                if (left < LeastRows || rows.Length - left < LeastRows) continue;
                var gain = (leftG * leftG / (leftH + Penalty)) + ((allG - leftG) * (allG - leftG) / (allH - leftH + Penalty)) - whole;
                if (gain > best.Gain) best = new Split(gain, c, b);
            }
        }

        return best;
    }

    private readonly record struct Node(int Column, int Bin, int Left, double Value);

    private readonly record struct Split(double Gain, int Column, int Bin);
}
