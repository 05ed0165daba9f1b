namespace Streaming.Core.Recall;

/// <summary>What session neighbours weigh by, as <see cref="RecallOptions"/> says; tables of what is asked for often.</summary>
internal sealed class NeighbourWeights
{
    /// <summary>Farther items weigh as those so far away do.</summary>
    private const int MostDistance = 256;
    /// <summary>Sessions of more clicks weigh as those of so many do.</summary>
    private const int MostClicks = 1000;
    /// <summary>Older sessions weigh as those so old do, so that an index whose sessions are all of long ago still answers.</summary>
    private const double MostHalfLives = 60;
    private readonly float[] _byDistance = new float[(2 * MostDistance) + 1];
    private readonly float[] _byClicks = new float[MostClicks + 1];
    private readonly double _perMs, _least;
    private readonly float _clickDecay, _matchRarity, _voteRarity, _similarityPower;

    /// <summary>Fills the tables.</summary>
    /// <param name="options">Already validated.</param>
    public NeighbourWeights(RecallOptions options)
    {
        (_clickDecay, _matchRarity, _voteRarity, _similarityPower) =
            (options.NeighbourClickDecay, options.NeighbourMatchRarity, options.NeighbourVoteRarity, options.NeighbourSimilarityPower);
        _perMs = -Math.Log(2) / options.NeighbourHalfLife.TotalMilliseconds;
        _least = -MostHalfLives * Math.Log(2);
        for (var d = 1; d <= MostDistance; d++)
        {
            _byDistance[MostDistance + d] = 1 / (1 + (options.NeighbourForwardDecay * (d - 1)));
            _byDistance[MostDistance - d] = options.NeighbourBackwardWeight / (1 + (options.NeighbourBackwardDecay * (d - 1)));
        }

        _byDistance[MostDistance] = options.NeighbourSelfWeight;
        for (var clicks = 0; clicks <= MostClicks; clicks++) _byClicks[clicks] = 1 / MathF.Pow(Math.Max(1, clicks), options.NeighbourLengthPower);
    }

    /// <summary>Of a session that shares an item: what the item adds to its similarity.</summary>
    /// <param name="clicksBefore">Clicks after the item's last one.</param>
    /// <param name="rarity">The item's.</param>
    public float OfMatch(int clicksBefore, float rarity) => MathF.Exp(-_clickDecay * clicksBefore) * Power(rarity, _matchRarity);

    /// <summary>Of a session, whatever it shares: its age and its length.</summary>
    public float OfSession(long ageMs, int clicks) => (float)Math.Exp(Math.Clamp(ageMs * _perMs, _least, 0)) * _byClicks[Math.Min(clicks, MostClicks)];

    /// <summary>Of a session's vote: a power of its similarity.</summary>
    /// <param name="similarity">As a share of the greatest, so that no power leaves the floats.</param>
    public float OfVote(float similarity) => Power(similarity, _similarityPower);

    /// <summary>Of a click of the session that votes.</summary>
    /// <param name="distance">Clicks from the last one of the shared item; above 0: after it.</param>
    public float OfClick(int distance) => _byDistance[MostDistance + Math.Clamp(distance, -MostDistance, MostDistance)];

    /// <summary>Of an item that is voted for.</summary>
    public float OfItem(float rarity) => Power(rarity, _voteRarity);

    private static float Power(float value, float power) => power == 0 ? 1 : power == 1 ? value : MathF.Pow(value, power);
}
