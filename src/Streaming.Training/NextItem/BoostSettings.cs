namespace Streaming.Training.NextItem;

/// <summary>Settings of the boosted trees.</summary>
internal sealed record BoostSettings
{
    /// <summary>Most trees.</summary>
    public int Trees { get; init; } = 200;
    /// <summary>Leaves of a tree.</summary>
    public int Leaves { get; init; } = 31;
    /// <summary>What a tree's answer is multiplied by.</summary>
    public float LearningRate { get; init; } = 0.1f;
    /// <summary>Added to a leaf's curvature.</summary>
    public double Ridge { get; init; } = 5;
    /// <summary>Least curvature in a leaf.</summary>
    public double MinCurvature { get; init; } = 3;
    /// <summary>Trees without a better value on the choice rows after which it ends.</summary>
    public int Patience { get; init; } = 30;
}
