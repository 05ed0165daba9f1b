namespace Streaming.Training.NextItem;

/// <summary>Chooses the settings of the session neighbours by coordinate search on rows after the sessions that they are sought in.</summary>
/// <param name="index">Sessions before the rows.</param>
/// <param name="counts">Counts of these sessions.</param>
/// <param name="rows">Rows to choose on.</param>
/// <param name="places">Places of the items in the order of their ids.</param>
internal sealed class NeighbourChooser(NeighbourIndex index, ItemCounts counts, TestRows rows, int[] places)
{
    private const int Rounds = 2;

    // Each function makes one step from the settings at hand; both directions, so that the search can come back.
    private static readonly Func<NeighbourSettings, NeighbourSettings>[] Steps =
    [
        s => s with { SimilarityPower = s.SimilarityPower * 1.4f }, s => s with { SimilarityPower = s.SimilarityPower / 1.4f },
        s => s with { SelfWeight = s.SelfWeight * 1.6f }, s => s with { SelfWeight = s.SelfWeight / 1.6f },
        s => s with { PositionDecay = s.PositionDecay * 1.6f }, s => s with { PositionDecay = s.PositionDecay / 1.6f },
        s => s with { MatchRarity = s.MatchRarity + 0.5f }, s => s with { MatchRarity = MathF.Max(0, s.MatchRarity - 0.25f) },
        s => s with { VoteRarity = s.VoteRarity + 0.4f }, s => s with { VoteRarity = MathF.Max(0, s.VoteRarity - 0.3f) },
        s => s with { AgeDecay = s.AgeDecay * 1.6f }, s => s with { AgeDecay = s.AgeDecay / 1.6f },
        s => s with { LengthPower = s.LengthPower + 0.25f }, s => s with { LengthPower = MathF.Max(0, s.LengthPower - 0.2f) },
        s => s with { BackwardWeight = s.BackwardWeight * 1.25f }, s => s with { BackwardWeight = s.BackwardWeight / 1.25f },
        s => s with { ForwardDecay = s.ForwardDecay * 1.6f }, s => s with { ForwardDecay = s.ForwardDecay / 1.6f },
        s => s with { BackwardDecay = s.BackwardDecay * 1.6f }, s => s with { BackwardDecay = s.BackwardDecay / 1.6f },
        s => s with { Neighbours = s.Neighbours * 2 }, s => s with { Neighbours = Math.Max(1, s.Neighbours / 2) },
        s => s with { SessionsPerItem = s.SessionsPerItem * 2 }, s => s with { PrefixItems = s.PrefixItems + 6 },
    ];

    /// <summary>The settings found.</summary>
    /// <param name="from">Where the search begins.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public NeighbourSettings Choose(NeighbourSettings from, IProgress<double>? progress, CancellationToken cancellation)
    {
        var best = from;
        if (rows.Count == 0) return best;
        var bestValue = Value(best);
        for (var round = 0; round < Rounds; round++)
        {
            var before = best;
            for (var step = 0; step < Steps.Length; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                var tried = Steps[step](best);
                var value = Value(tried);
                if (value > bestValue) (best, bestValue) = (tried, value);
                progress?.Report(((round * Steps.Length) + step + 1.0) / (Rounds * Steps.Length));
            }

            if (best == before) break;
        }

        return best;
    }

    // P@20 and MRR@20 weigh alike: the one is some 2.5 times the other.
    private double Value(NeighbourSettings settings)
    {
        var ranks = RankRun.Ranks(new NeighbourMethod("", index, settings), rows, counts.Clicks, places);
        return NextItemFigures.P20(ranks) + (2.5 * NextItemFigures.Mrr20(ranks));
    }
}
