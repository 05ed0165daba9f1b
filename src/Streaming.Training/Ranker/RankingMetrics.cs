namespace Streaming.Training.Ranker;

/// <summary>
/// Figures of a ranking at cut 20, means over moments: recall (hits / min(20, answers), answers that no source brought are misses), NDCG with equal gains (Järvelin and
/// Kekäläinen, 2002), MRR, and AUC over moments that have both. Ties: the candidate that comes later wins no place.
/// </summary>
/// <param name="Recall20">recall.</param>
/// <param name="Ndcg20">NDCG.</param>
/// <param name="Mrr20">MRR.</param>
/// <param name="Auc">AUC.</param>
public readonly record struct RankingMetrics(double Recall20, double Ndcg20, double Mrr20, double Auc)
{
    private const int Cut = 20;

    /// <summary>Measures scores of moments.</summary>
    /// <param name="groups">The moments; all candidates.</param>
    /// <param name="score">Writes the scores of a moment's candidates.</param>
    public static RankingMetrics Of(IReadOnlyList<RankerGroup> groups, Action<RankerGroup, float[]> score)
    {
        double recall = 0, ndcg = 0, mrr = 0, auc = 0;
        var aucs = 0;
        foreach (var group in groups)
        {
            var scores = new float[group.Rows];
            score(group, scores);
            var order = Enumerable.Range(0, group.Rows).OrderByDescending(r => scores[r]).ToArray();
            var top = order.Take(Cut).Select((r, rank) => (Hit: group.Gains[r] > 0, rank)).Where(x => x.Hit).Select(x => x.rank).ToArray();
            var possible = Math.Min(Cut, group.Targets);
            recall += (double)top.Length / possible;
            ndcg += top.Sum(Discount) / Enumerable.Range(0, possible).Sum(Discount);
            mrr += top.Length == 0 ? 0 : 1.0 / (top[0] + 1);
            if (AucOf(order, group) is not { } value) continue;
            auc += value;
            aucs++;
        }

        var n = Math.Max(1, groups.Count);
        return new RankingMetrics(recall / n, ndcg / n, mrr / n, auc / Math.Max(1, aucs));
    }

    /// <summary>Share of answers that some source brought: what no ranking can exceed.</summary>
    public static double Reach(IReadOnlyList<RankerGroup> groups) => groups.Count == 0 ? 0 : groups.Average(g => (double)g.Gains.Count(x => x > 0) / g.Targets);

    private static double Discount(int rank) => 1 / Math.Log2(rank + 2);

    private static double? AucOf(int[] order, RankerGroup group)
    {
        long misses = 0, below = 0, hits = 0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            if (group.Gains[order[i]] > 0)
            {
                hits++;
                below += misses;
            }
            else
            {
                misses++;
            }
        }

        return hits == 0 || misses == 0 ? null : (double)below / (hits * misses);
    }
}
