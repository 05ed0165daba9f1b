namespace Streaming.Training.Segments;

/// <summary>Which new centre is which old one: the matching of least sum of squared distances, over all of them.</summary>
internal static class SegmentMatching
{
    /// <summary>Old number of each new centre; −1: a new one beyond the old ones' number.</summary>
    /// <param name="fresh">New centres, at most 16.</param>
    /// <param name="old">Old centres, at most 16.</param>
    public static int[] Match(double[][] fresh, double[][] old)
    {
        // Shortest way over sets of old centres that are taken: 2¹² × 12 steps at most for segments.
        var unmatched = Math.Max(0, fresh.Length - old.Length);
        var states = 1 << old.Length;
        var cost = new double[fresh.Length + 1][];
        var choice = new int[fresh.Length + 1][];
        for (var i = 0; i <= fresh.Length; i++)
        {
            (cost[i], choice[i]) = (new double[states], new int[states]);
            Array.Fill(cost[i], double.PositiveInfinity);
        }

        cost[0][0] = 0;
        for (var i = 0; i < fresh.Length; i++)
        {
            for (var taken = 0; taken < states; taken++)
            {
                if (double.IsPositiveInfinity(cost[i][taken])) continue;
                if (i - System.Numerics.BitOperations.PopCount((uint)taken) < unmatched) Offer(i + 1, taken, cost[i][taken], -1);
                for (var o = 0; o < old.Length; o++)
                {
                    if ((taken & (1 << o)) == 0) Offer(i + 1, taken | (1 << o), cost[i][taken] + KMeans.Squared(fresh[i], old[o]), o);
                }
            }
        }

        var result = new int[fresh.Length];
        var state = Enumerable.Range(0, states).MinBy(s => cost[fresh.Length][s]);
        for (var i = fresh.Length; i > 0; i--)
        {
            result[i - 1] = choice[i][state];
            if (result[i - 1] >= 0) state &= ~(1 << result[i - 1]);
        }

        return result;

        void Offer(int i, int taken, double sum, int old)
        {
            if (sum < cost[i][taken]) (cost[i][taken], choice[i][taken]) = (sum, old);
        }
    }
}
