namespace Streaming.Training.Churn;

/// <summary>
/// A prediction of the past: everything fitted on what was known on an earlier day, held against the window after it, which is closed by the end of what is known. Nothing later is read.
/// </summary>
internal sealed class ChurnRehearsal
{
    private const int MostRehearsals = 3;
    private const int LeastHistoryDays = 28;

    /// <summary>Probability of a purchase, by candidate and customer.</summary>
    public required double[][] Buys { get; init; }
    /// <summary>Outcomes.</summary>
    public required bool[] Bought { get; init; }

    /// <summary>
    /// Where to rehearse a horizon: windows of its length, one before the other, each with at least as much history before it. Where not even one fits, one shorter window whose length is to its history
    /// as the horizon is to all.
    /// </summary>
    /// <param name="first">First day of the data.</param>
    /// <param name="last">Last day that may be known.</param>
    /// <param name="days">Horizon.</param>
    public static List<(int Day, int Days)> Places(int first, int last, int days)
    {
        var span = last - first;
        var places = new List<(int, int)>();
        for (var k = 1; k <= MostRehearsals && span - (k * days) >= Math.Max(days, LeastHistoryDays); k++) places.Add((last - (k * days), days));
        if (places.Count > 0) return places;
        var shorter = (int)((double)span * days / (span + days));
        if (shorter >= HazardModel.Week && span - shorter >= LeastHistoryDays) places.Add((last - shorter, shorter));
        return places;
    }

    /// <summary>Rehearses; null where outcomes of either kind are too few.</summary>
    public static ChurnRehearsal? Run(PurchaseHistory known, int day, int days, ChurnModelOptions options, bool withTrees, CancellationToken cancellation)
    {
        var then = known.Customers.Where(c => c.CountUpTo(day) > 0).ToArray();
        var bought = then.Select(c => c.BuysWithin(day, days)).ToArray();
        var yes = bought.Count(b => b);
        if (yes < options.LeastOutcomes || bought.Length - yes < options.LeastOutcomes) return null;
        var candidates = ChurnCandidates.Fit(known.UpTo(day), options, withTrees, cancellation);
        var buys = ChurnCandidates.Names.Select(_ => new double[then.Length]).ToArray();
        for (var i = 0; i < then.Length; i++)
        {
            var answers = candidates.NoPurchase(then[i].UpTo(day), days);
            for (var c = 0; c < answers.Length; c++) buys[c][i] = 1 - answers[c];
        }

        return new ChurnRehearsal { Buys = buys, Bought = bought };
    }

    /// <summary>The line that would have set a candidate right, and its log-loss with it: what is left to order and spread.</summary>
    public (CalibrationLine Line, double LogLoss) Judge(int candidate)
    {
        if (double.IsNaN(Buys[candidate][0])) return (CalibrationLine.Identity, double.PositiveInfinity);
        var line = CalibrationLine.Fit(Buys[candidate], Bought, ridge: 1);
        return (line, BinaryMetrics.LogLoss([.. Buys[candidate].Select(line.Apply)], Bought));
    }
}
