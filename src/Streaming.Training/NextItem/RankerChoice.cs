using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>Value of trees on rows that they do not learn from: P@20 and MRR@20, summed as everywhere. Scores are kept, so that a tree more costs one tree.</summary>
internal sealed class RankerChoice(RankerRows rows)
{
    private readonly float[] _scores = new float[rows.Starts[^1]];
    private readonly List<(double P20, double Mrr20)> _curve = [];
    private int _trees;
    private double _bestValue = double.NegativeInfinity;

    /// <summary>P@20 and MRR@20 of the last <see cref="Value"/>.</summary>
    public (double P20, double Mrr20) Figures { get; private set; }

    /// <summary>Those of the greatest value so far.</summary>
    public (double P20, double Mrr20) Best { get; private set; }

    /// <summary>Figures of the first tree, the first two, and so on, those that were given up in the end included.</summary>
    public IReadOnlyList<(double P20, double Mrr20)> Curve => _curve;

    /// <summary>Value of trees that only ever grow.</summary>
    public double Value(BoostedTrees trees)
    {
        for (; _trees < trees.Count; _trees++)
        {
            for (var g = 0; g < rows.Groups.Count; g++)
            {
                var group = rows.Groups[g];
                for (int i = 0, row = rows.Starts[g]; i < group.Length; i += HybridCandidates.Features, row++) _scores[row] += trees.Score(_trees, group.AsSpan(i, HybridCandidates.Features));
            }
        }

        var (hits, reciprocals) = (0.0, 0.0);
        for (var g = 0; g < rows.Groups.Count; g++)
        {
            var (own, rank) = (_scores[rows.Positives[g]], 1);
            for (var row = rows.Starts[g]; row < rows.Starts[g + 1]; row++)
            {
                if (row != rows.Positives[g] && _scores[row] >= own) rank++; // ties against it: few trees tie much
            }

            hits += NextItemFigures.Hit(rank);
            reciprocals += NextItemFigures.Reciprocal(rank);
        }

        var count = Math.Max(1, rows.Groups.Count + rows.Missed);
        Figures = (hits / count, reciprocals / count);
        _curve.Add(Figures);
        var value = Figures.P20 + (2.5 * Figures.Mrr20);
        if (value > _bestValue) (_bestValue, Best) = (value, Figures);
        return value;
    }
}
