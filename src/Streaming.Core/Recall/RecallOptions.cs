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
    /// <summary>A click of the user p clicks before the last one weighs exp(−this · p) where similar sessions are sought. 0 to 10.</summary>
    public float NeighbourClickDecay { get; init; } = 0.3f;
    /// <summary>Power of a shared item's rarity, ln(1 + sessions / sessions with it), in the similarity of a session. 0 to 4; 0: all items alike.</summary>
    public float NeighbourMatchRarity { get; init; } = 1f;
    /// <summary>Power of an item's rarity in the votes for it. 0 to 4.</summary>
    public float NeighbourVoteRarity { get; init; } = 0.9f;
    /// <summary>A session's similarity is divided by this power of its clicks. 0 to 4; 0: long ones weigh as short ones do.</summary>
    public float NeighbourLengthPower { get; init; } = 0.25f;
    /// <summary>Half-life of a session's similarity, by the time between its end and the newest session's. 1 hour to 10 years.</summary>
    public TimeSpan NeighbourHalfLife { get; init; } = TimeSpan.FromDays(90);
    /// <summary>Power of a session's similarity in its vote. 0 to 8; 0: all that are kept vote alike.</summary>
    public float NeighbourSimilarityPower { get; init; } = 1.4f;
    /// <summary>An item d clicks after the shared one weighs 1 / (1 + this · (d − 1)). 0 to 100.</summary>
    public float NeighbourForwardDecay { get; init; } = 0.1875f;
    /// <summary>An item d clicks before the shared one weighs <see cref="NeighbourBackwardWeight"/> / (1 + this · (d − 1)). 0 to 100.</summary>
    public float NeighbourBackwardDecay { get; init; } = 0.3f;
    /// <summary>Weight of the item just before the shared one beside 1 of the item just after it. 0 to 10.</summary>
    public float NeighbourBackwardWeight { get; init; } = 0.875f;
    /// <summary>Weight of the shared item itself: of clicking it again. 0 to 10.</summary>
    public float NeighbourSelfWeight { get; init; } = 0.8f;
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
        if (NeighbourClickDecay is not (>= 0 and <= 10)) yield return $"{nameof(NeighbourClickDecay)} must be 0 to 10, not {NeighbourClickDecay}";
        if (NeighbourMatchRarity is not (>= 0 and <= 4)) yield return $"{nameof(NeighbourMatchRarity)} must be 0 to 4, not {NeighbourMatchRarity}";
        if (NeighbourVoteRarity is not (>= 0 and <= 4)) yield return $"{nameof(NeighbourVoteRarity)} must be 0 to 4, not {NeighbourVoteRarity}";
        if (NeighbourLengthPower is not (>= 0 and <= 4)) yield return $"{nameof(NeighbourLengthPower)} must be 0 to 4, not {NeighbourLengthPower}";
        if (NeighbourSimilarityPower is not (>= 0 and <= 8)) yield return $"{nameof(NeighbourSimilarityPower)} must be 0 to 8, not {NeighbourSimilarityPower}";
        if (NeighbourForwardDecay is not (>= 0 and <= 100)) yield return $"{nameof(NeighbourForwardDecay)} must be 0 to 100, not {NeighbourForwardDecay}";
        if (NeighbourBackwardDecay is not (>= 0 and <= 100)) yield return $"{nameof(NeighbourBackwardDecay)} must be 0 to 100, not {NeighbourBackwardDecay}";
        if (NeighbourBackwardWeight is not (>= 0 and <= 10)) yield return $"{nameof(NeighbourBackwardWeight)} must be 0 to 10, not {NeighbourBackwardWeight}";
        if (NeighbourSelfWeight is not (>= 0 and <= 10)) yield return $"{nameof(NeighbourSelfWeight)} must be 0 to 10, not {NeighbourSelfWeight}";
        if (!IsHalfLife(NeighbourHalfLife)) yield return $"{nameof(NeighbourHalfLife)} must be 1 hour to 10 years, not {NeighbourHalfLife}";
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
