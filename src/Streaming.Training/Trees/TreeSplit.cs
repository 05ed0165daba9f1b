namespace Streaming.Training.Trees;

/// <summary>A leaf that is being grown, with the best way to part it.</summary>
internal sealed class TreeSplit
{
    /// <summary>Its node.</summary>
    public required int Node { get; init; }
    /// <summary>Its rows, from here in the grower's order …</summary>
    public required int From { get; init; }
    /// <summary>… to before here.</summary>
    public required int To { get; init; }
    /// <summary>Sums of gradient, second derivative and weight by feature and bin.</summary>
    public required double[] Histogram { get; init; }
    /// <summary>What parting brings; 0 where nothing does.</summary>
    public double Gain { get; set; }
    /// <summary>Feature to part by.</summary>
    public int Feature { get; set; }
    /// <summary>Last bin that goes left.</summary>
    public int Bin { get; set; }
}
