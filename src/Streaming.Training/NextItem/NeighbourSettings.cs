namespace Streaming.Training.NextItem;

/// <summary>
/// Settings of the session neighbours: VMIS-kNN (Kersbergen et al., SIGMOD 2022) with the decays of STAN (Garg et al., SIGIR 2019): by place in the prefix, by age of the neighbour and by
/// distance from the shared item.
/// </summary>
internal sealed record NeighbourSettings
{
    /// <summary>Latest distinct items of the prefix that neighbours are sought by.</summary>
    public int PrefixItems { get; init; } = 9;
    /// <summary>m: latest sessions looked at of one item.</summary>
    public int SessionsPerItem { get; init; } = 1000;
    /// <summary>k: most similar sessions that vote.</summary>
    public int Neighbours { get; init; } = 500;
    /// <summary>A prefix item p clicks before the last weighs exp(−this · p).</summary>
    public float PositionDecay { get; init; } = 0.3f;
    /// <summary>A neighbour weighs exp(−this · age), age as a share of all sessions.</summary>
    public float AgeDecay { get; init; } = 1f;
    /// <summary>Power of a shared item's rarity in the similarity.</summary>
    public float MatchRarity { get; init; } = 0.5f;
    /// <summary>Power of an item's rarity in the votes for it.</summary>
    public float VoteRarity { get; init; } = 0.5f;
    /// <summary>The similarity is divided by this power of the neighbour's length.</summary>
    public float LengthPower { get; init; } = 0.25f;
    /// <summary>Power of the similarity in the vote.</summary>
    public float SimilarityPower { get; init; } = 1f;
    /// <summary>An item d clicks after the shared one weighs 1 / (1 + this · (d − 1)).</summary>
    public float ForwardDecay { get; init; } = 0.3f;
    /// <summary>An item d clicks before the shared one weighs <see cref="BackwardWeight"/> / (1 + this · (d − 1)).</summary>
    public float BackwardDecay { get; init; } = 0.3f;
    /// <summary>See <see cref="BackwardDecay"/>.</summary>
    public float BackwardWeight { get; init; } = 0.7f;
    /// <summary>Weight of the shared item itself.</summary>
    public float SelfWeight { get; init; } = 0.5f;

    /// <summary>The plain form: 1,000 latest sessions an item, 200 neighbours, nine items with weights that fall, rarity by idf; no age and no distance.</summary>
    public static readonly NeighbourSettings Plain = new()
    {
        Neighbours = 200, PositionDecay = 0.2f, AgeDecay = 0, MatchRarity = 0, VoteRarity = 1, LengthPower = 0, SimilarityPower = 1, ForwardDecay = 0, BackwardDecay = 0, BackwardWeight = 1, SelfWeight = 1,
    };
}
