namespace Streaming.Training.NextItem;

/// <summary>Sums of a bin.</summary>
internal struct BoostCell
{
    /// <summary>Of the gradients.</summary>
    public double Gradient;
    /// <summary>Of the curvatures.</summary>
    public double Curvature;
}

/// <summary>A leaf of a tree that grows: its rows, their sums by bin, and its best split.</summary>
/// <param name="node">Node in the trees.</param>
/// <param name="from">First of its rows.</param>
/// <param name="to">End of its rows.</param>
/// <param name="features">Features of a row.</param>
internal sealed class BoostLeaf(int node, int from, int to, int features)
{
    /// <summary>Node in the trees.</summary>
    public int Node => node;
    /// <summary>First of its rows.</summary>
    public int From => from;
    /// <summary>End of its rows.</summary>
    public int To => to;
    /// <summary>Rows.</summary>
    public int RowCount => to - from;
    /// <summary>Sums by feature and bin.</summary>
    public BoostCell[] Histogram { get; } = new BoostCell[features * BoostData.Bins];
    /// <summary>Sum of the gradients.</summary>
    public double Gradient { get; private set; }
    /// <summary>Sum of the curvatures.</summary>
    public double Curvature { get; private set; }
    /// <summary>What the best split gains; 0: none.</summary>
    public double Gain { get; private set; }
    /// <summary>Feature of the best split.</summary>
    public int Feature { get; private set; }
    /// <summary>Last bin that goes left.</summary>
    public int Bin { get; private set; }

    /// <summary>Takes what the parent has and the sibling has not.</summary>
    public void TakeDifference(BoostLeaf parent, BoostLeaf sibling)
    {
        for (var i = 0; i < Histogram.Length; i++)
        {
            Histogram[i].Gradient = parent.Histogram[i].Gradient - sibling.Histogram[i].Gradient;
            Histogram[i].Curvature = parent.Histogram[i].Curvature - sibling.Histogram[i].Curvature;
        }
    }

    /// <summary>Finds the split with the greatest gain; of equal ones the first.</summary>
    public void FindSplit(BoostData data, BoostSettings settings)
    {
        foreach (ref var cell in Histogram.AsSpan(0, BoostData.Bins)) (Gradient, Curvature) = (Gradient + cell.Gradient, Curvature + cell.Curvature);
        var whole = Gradient * Gradient / (Curvature + settings.Ridge);
        for (var f = 0; f < features; f++)
        {
            var (gradient, curvature) = (0.0, 0.0);
            for (var bin = 0; bin < data.Ends[f].Length; bin++)
            {
                ref var cell = ref Histogram[(f * BoostData.Bins) + bin];
                (gradient, curvature) = (gradient + cell.Gradient, curvature + cell.Curvature);
                if (curvature < settings.MinCurvature) continue;
                if (Curvature - curvature < settings.MinCurvature) break;
                var rest = Gradient - gradient;
                var gain = (gradient * gradient / (curvature + settings.Ridge)) + (rest * rest / (Curvature - curvature + settings.Ridge)) - whole;
                if (gain > Gain) (Gain, Feature, Bin) = (gain, f, bin);
            }
        }
    }
}
