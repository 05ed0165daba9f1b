using Streaming.Training.Trees;

namespace Streaming.Training.Churn;

/// <summary>The same features fitted on the answers themselves, each customer's by the other four fifths: what they could tell at best. Never a result.</summary>
internal static class ChurnCeiling
{
    private const int Folds = 5;
    private const double Ridge = 5;

    /// <summary>Out-of-fold probabilities of a purchase: those of the logistic model, of the trees, or their mean, whichever has the lowest log-loss.</summary>
    public static double[] Fit(ChurnFeatures features, CustomerPurchases[] customers, bool[] bought, int day, int days, int seed)
    {
        var n = customers.Length;
        var all = new float[n * ChurnFeatures.Count];
        for (var i = 0; i < n; i++) features.Fill(customers[i], day, days, all.AsSpan(i * ChurnFeatures.Count, ChurnFeatures.Count));
        var order = Enumerable.Range(0, n).ToArray();
        new SeededRandom((ulong)seed ^ 0xce11).Shuffle<int>(order);
        var (logistic, trees) = (new double[n], new double[n]);
        for (var fold = 0; fold < Folds; fold++)
        {
            var rows = Take(all, bought, [.. order.Where((_, i) => i % Folds != fold)]);
            var line = LogisticModel.Fit(rows, Ridge);
            var forest = LogisticTrees.Fit(rows.Features, ChurnFeatures.Count, rows.Bought, rows.Weights, new BoostedTreesOptions { Trees = 80, Leaves = 4, LeastWeight = 20 });
            foreach (var i in order.Where((_, k) => k % Folds == fold))
            {
                var row = all.AsSpan(i * ChurnFeatures.Count, ChurnFeatures.Count);
                (logistic[i], trees[i]) = (LogMath.Sigmoid(line.Logit(row)), LogMath.Sigmoid(forest.Evaluate(row)));
            }
        }

        double[][] open = [logistic, trees, [.. logistic.Zip(trees, (l, t) => (l + t) / 2)]];
        return open.MinBy(p => BinaryMetrics.LogLoss(p, bought))!;
    }

    private static ChurnRows Take(float[] all, bool[] bought, int[] which)
    {
        var rows = new ChurnRows { Features = new float[which.Length * ChurnFeatures.Count], Bought = [.. which.Select(i => bought[i])], Weights = [.. which.Select(_ => 1f)] };
        for (var r = 0; r < which.Length; r++) all.AsSpan(which[r] * ChurnFeatures.Count, ChurnFeatures.Count).CopyTo(rows.Features.AsSpan(r * ChurnFeatures.Count));
        return rows;
    }
}
