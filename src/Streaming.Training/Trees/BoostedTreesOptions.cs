namespace Streaming.Training.Trees;

/// <summary>How boosted trees are grown.</summary>
public sealed record BoostedTreesOptions
{
    /// <summary>Trees, or the most where rows apart say when to end. 1 to 5,000.</summary>
    public int Trees { get; init; } = 150;
    /// <summary>Leaves of a tree. 2 to 256.</summary>
    public int Leaves { get; init; } = 8;
    /// <summary>Share of each tree's answer that is kept. Above 0, at most 1.</summary>
    public double LearningRate { get; init; } = 0.05;
    /// <summary>Least weight of examples in a leaf. At least 0; 0: nothing is weighed, which costs less.</summary>
    public double LeastWeight { get; init; } = 50;
    /// <summary>Least sum of second derivatives in a leaf. At least 0.</summary>
    public double LeastCurvature { get; init; }
    /// <summary>What a split must gain more than. At least 0.</summary>
    public double LeastGain { get; init; } = 1e-9;
    /// <summary>Pull of each leaf towards 0, in units of the second derivative. At least 0.</summary>
    public double Ridge { get; init; } = 5;
    /// <summary>Most bins of a feature. 2 to 256.</summary>
    public int Bins { get; init; } = 64;
    /// <summary>Trees without a better value on rows apart after which it ends, where there are such rows. At least 1.</summary>
    public int Patience { get; init; } = 30;

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate()
    {
        if (Trees is < 1 or > 5000) yield return $"{nameof(Trees)} must be 1 to 5,000, not {Trees}";
        if (Leaves is < 2 or > 256) yield return $"{nameof(Leaves)} must be 2 to 256, not {Leaves}";
        if (!(LearningRate is > 0 and <= 1)) yield return $"{nameof(LearningRate)} must be above 0 and at most 1, not {LearningRate}";
        if (!(LeastWeight >= 0)) yield return $"{nameof(LeastWeight)} must be at least 0, not {LeastWeight}";
        if (!(LeastCurvature >= 0)) yield return $"{nameof(LeastCurvature)} must be at least 0, not {LeastCurvature}";
        if (!(LeastGain >= 0)) yield return $"{nameof(LeastGain)} must be at least 0, not {LeastGain}";
        if (!(Ridge >= 0)) yield return $"{nameof(Ridge)} must be at least 0, not {Ridge}";
        if (Bins is < 2 or > BinnedRows.MostBins) yield return $"{nameof(Bins)} must be 2 to {BinnedRows.MostBins}, not {Bins}";
        if (Patience < 1) yield return $"{nameof(Patience)} must be at least 1, not {Patience}";
    }
}
