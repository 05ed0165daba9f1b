using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>Settings of the hybrid.</summary>
internal sealed record HybridSettings
{
    /// <summary>The tuned session neighbours.</summary>
    public NeighbourSettings Neighbours { get; init; } = new();
    /// <summary>The encoder.</summary>
    public EncoderSettings Encoder { get; init; } = new();
    /// <summary>The ranker. Its rows are millions: leaves are bounded by curvature alone, so that no third sum is counted.</summary>
    public BoostedTreesOptions Ranker { get; init; } = new() { Trees = 200, Leaves = 31, LearningRate = 0.1, LeastWeight = 0, LeastCurvature = 3, LeastGain = 0, Ridge = 5, Bins = BinnedRows.MostBins, Patience = 30 };
    /// <summary>Most candidates of the session neighbours, of the encoder, and of the pairs each.</summary>
    public int PerSource { get; init; } = 80;
    /// <summary>Share of the clicks, the last ones, on which choices are made; where that is less than 3,000 positions, up to a tenth.</summary>
    public double ChoiceShare { get; init; } = 0.02;
    /// <summary>Share of the clicks, before those, that the ranker learns from; where that is less than 20,000 positions, up to 15 %.</summary>
    public double LabelShare { get; init; } = 0.10;
    /// <summary>Most ranker rows.</summary>
    public int MaxRows { get; init; } = 2_000_000;

    /// <summary>Shares of the clicks for a file of so many positions.</summary>
    public (double Labels, double Choice) Shares(int positions) =>
        (Math.Max(LabelShare, Math.Min(0.15, 20_000.0 / Math.Max(1, positions))), Math.Max(ChoiceShare, Math.Min(0.1, 3_000.0 / Math.Max(1, positions))));

    /// <summary>Neighbours of the last two clicks only, the newest sessions first, what came after before what came before.</summary>
    public NeighbourSettings Narrow => Neighbours with { PrefixItems = 2, AgeDecay = 3, BackwardWeight = 0.2f, SimilarityPower = Neighbours.SimilarityPower * 2, ForwardDecay = 1 };

    /// <summary>Neighbours of the whole prefix, all clicks alike.</summary>
    public NeighbourSettings Wide => Neighbours with { PrefixItems = 20, PositionDecay = 0.05f, AgeDecay = 0.3f, BackwardWeight = 1, ForwardDecay = 0.1f, BackwardDecay = 0.1f, Neighbours = 1000 };
}
