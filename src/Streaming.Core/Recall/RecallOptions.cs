namespace Streaming.Core.Recall;

/// <summary>How candidates are gathered.</summary>
public sealed record RecallOptions
{
    /// <summary>Most candidates of one source. 1 to 1,000.</summary>
    public int PerSource { get; init; } = 60;
    /// <summary>Most candidates of one user, all sources together. 1 to 2,000.</summary>
    public int MaxCandidates { get; init; } = 200;
    /// <summary>Latest items of the user that session neighbours are sought by. 1 to 50.</summary>
    public int NeighbourItems { get; init; } = 9;
    /// <summary>k: most similar sessions that vote. 1 to 5,000.</summary>
    public int Neighbours { get; init; } = 200;
    /// <summary>Latest items of the user that co-visitation of views starts from. 1 to 50.</summary>
    public int ViewSeeds { get; init; } = 10;
    /// <summary>Items in the cart or bought that co-visitation of purchases starts from, heaviest first. 1 to 500.</summary>
    public int BuySeeds { get; init; } = 60;
    /// <summary>Users that must have made a pair before it counts: one user alone never recommends anything to others. 1 to 100.</summary>
    public int MinSupport { get; init; } = 2;
    /// <summary>Added to both items' counts where a pair's weight is normalised: rare pairs are trusted less. 0 to 10,000.</summary>
    public float Shrinkage { get; init; } = 10f;
    /// <summary>Half-life of a past purchase's weight; as <see cref="Fold.FoldOptions.RepeatHalfLife"/>. 1 hour to 10 years.</summary>
    public TimeSpan RepeatHalfLife { get; init; } = TimeSpan.FromDays(60);
    /// <summary>Half-life of an interest; as <see cref="Fold.FoldOptions.InterestHalfLife"/>. 1 hour to 10 years.</summary>
    public TimeSpan InterestHalfLife { get; init; } = TimeSpan.FromDays(30);
    /// <summary>Weights of the fall-back blend, each 0 to 100, in this order: session neighbours, co-visits of views, co-visits of purchases, nearest, popular, trending, repeats.</summary>
    public IReadOnlyList<float> BlendWeights { get; init; } = DefaultBlend;

    /// <summary>Neighbours, co-visits of views and of purchases, nearest, popular, trending, repeat.</summary>
    public static readonly IReadOnlyList<float> DefaultBlend = [1f, 0.8f, 0.8f, 0.5f, 0.2f, 0.1f, 1f];

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (PerSource is < 1 or > 1_000) yield return $"{nameof(PerSource)} must be 1 to 1,000, not {PerSource}";
        if (MaxCandidates is < 1 or > 2_000) yield return $"{nameof(MaxCandidates)} must be 1 to 2,000, not {MaxCandidates}";
        if (NeighbourItems is < 1 or > 50) yield return $"{nameof(NeighbourItems)} must be 1 to 50, not {NeighbourItems}";
        if (Neighbours is < 1 or > 5_000) yield return $"{nameof(Neighbours)} must be 1 to 5,000, not {Neighbours}";
        if (ViewSeeds is < 1 or > 50) yield return $"{nameof(ViewSeeds)} must be 1 to 50, not {ViewSeeds}";
        if (BuySeeds is < 1 or > 500) yield return $"{nameof(BuySeeds)} must be 1 to 500, not {BuySeeds}";
        if (MinSupport is < 1 or > 100) yield return $"{nameof(MinSupport)} must be 1 to 100, not {MinSupport}";
        if (Shrinkage is not (>= 0 and <= 10_000)) yield return $"{nameof(Shrinkage)} must be 0 to 10,000, not {Shrinkage}";
        if (!IsHalfLife(RepeatHalfLife)) yield return $"{nameof(RepeatHalfLife)} must be 1 hour to 10 years, not {RepeatHalfLife}";
        if (!IsHalfLife(InterestHalfLife)) yield return $"{nameof(InterestHalfLife)} must be 1 hour to 10 years, not {InterestHalfLife}";
        if (BlendWeights.Count != Candidate.SourceCount) yield return $"{nameof(BlendWeights)} must have {Candidate.SourceCount} numbers, not {BlendWeights.Count}";
        if (BlendWeights.Any(w => w is not (>= 0 and <= 100))) yield return $"{nameof(BlendWeights)} must each be 0 to 100";
    }

    private static bool IsHalfLife(TimeSpan span) => span >= TimeSpan.FromHours(1) && span <= TimeSpan.FromDays(3653);
}
