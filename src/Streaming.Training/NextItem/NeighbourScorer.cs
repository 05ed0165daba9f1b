namespace Streaming.Training.NextItem;

/// <summary>
/// Votes of session neighbours. 1. Sessions that share the prefix's latest items, by weights of place and rarity. 2. Similarity by length and age. 3. The k nearest. 4. Each votes for its
/// items, by distance from the latest shared one and by rarity.
/// </summary>
/// <param name="index">Sessions.</param>
/// <param name="settings">Settings.</param>
internal sealed class NeighbourScorer(NeighbourIndex index, NeighbourSettings settings)
{
    private const int MostDistance = 256;
    private readonly NearestSessions _nearest = new(index.Log.Count);
    private readonly float[] _matchRarity = Power(index.Rarity, settings.MatchRarity);
    private readonly float[] _voteRarity = Power(index.Rarity, settings.VoteRarity);
    private readonly float[] _sessionWeight = SessionWeights(index.Log, settings);
    private readonly float[] _forward = Decay(1, settings.ForwardDecay);
    private readonly float[] _backward = Decay(settings.BackwardWeight, settings.BackwardDecay);
    private readonly int[] _latest = new int[settings.PrefixItems];

    /// <summary>Adds the votes.</summary>
    /// <param name="prefix">Items clicked, oldest first.</param>
    /// <param name="scores">Added to.</param>
    public void Vote(ReadOnlySpan<int> prefix, SparseScores scores)
    {
        _nearest.Clear();
        var found = 0;
        for (var i = prefix.Length - 1; i >= 0 && found < _latest.Length; i--)
        {
            var item = prefix[i];
            if (item >= _matchRarity.Length || _latest.AsSpan(0, found).Contains(item)) continue;
            _latest[found++] = item;
            var weight = MathF.Exp(-settings.PositionDecay * (prefix.Length - 1 - i)) * _matchRarity[item];
            if (weight > 0) _nearest.Add(index.Sessions(item, settings.SessionsPerItem, out var places), places, weight); // 1
        }

        foreach (var session in _nearest.Sessions) _nearest.Scale(session, _sessionWeight[session]); // 2
        _nearest.KeepNearest(settings.Neighbours); // 3
        foreach (var session in _nearest.Sessions) // 4
        {
            var (similarity, shared) = _nearest[session];
            if (settings.SimilarityPower != 1) similarity = MathF.Pow(similarity, settings.SimilarityPower);
            var items = index.Log[session];
            for (var place = 0; place < items.Length; place++)
            {
                var distance = Math.Clamp(place - shared, -MostDistance, MostDistance);
                var weight = distance > 0 ? _forward[distance] : distance < 0 ? _backward[-distance] : settings.SelfWeight;
                scores.Add(items[place], similarity * weight * _voteRarity[items[place]]);
            }
        }
    }

    private static float[] Power(float[] values, float power)
    {
        var powers = new float[values.Length];
        for (var i = 0; i < values.Length; i++) powers[i] = power == 0 ? 1 : MathF.Pow(values[i], power);
        return powers;
    }

    private static float[] SessionWeights(SessionLog log, NeighbourSettings settings)
    {
        var weights = new float[log.Count];
        for (var s = 0; s < weights.Length; s++)
        {
            var age = (float)(log.Count - 1 - s) / log.Count;
            weights[s] = MathF.Exp(-settings.AgeDecay * age) / MathF.Pow(Math.Max(1, log[s].Length), settings.LengthPower);
        }

        return weights;
    }

    private static float[] Decay(float weight, float decay)
    {
        var weights = new float[MostDistance + 1];
        for (var d = 1; d < weights.Length; d++) weights[d] = weight / (1 + (decay * (d - 1)));
        return weights;
    }
}
