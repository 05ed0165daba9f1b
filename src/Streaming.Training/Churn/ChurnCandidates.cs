namespace Streaming.Training.Churn;

/// <summary>The models of one shop at the end of one day, among which a rehearsal chooses.</summary>
internal sealed class ChurnCandidates
{
    /// <summary>Names in the order of the answers.</summary>
    public static readonly IReadOnlyList<string> Names = ["bg-nbd", "pareto-nbd", "hazard-logistic", "hazard-trees", "hazard-mean"];

    /// <summary>Places of the two that need no rows.</summary>
    public const int BgNbd = 0, ParetoNbd = 1;

    /// <summary>Place of the hazard that holds beyond the silences it was fitted on: a tree is flat there.</summary>
    public const int HazardLogistic = 2;

    private static readonly double[] TreesShares = [0, 1, 0.5];

    /// <summary>Day of the fit.</summary>
    public required int Day { get; init; }
    /// <summary>BG/NBD and Pareto/NBD.</summary>
    public required ProcessPair Processes { get; init; }
    /// <summary>The hazard; null where weeks with, or without, a purchase are too few.</summary>
    public required HazardModel? Hazard { get; init; }

    /// <summary>Share of the trees in a candidate that is a hazard.</summary>
    public static double TreesShare(int candidate) => TreesShares[candidate - HazardLogistic];

    /// <summary>Fits all.</summary>
    /// <param name="known">Purchases up to a day, and none later.</param>
    /// <param name="options">How.</param>
    /// <param name="withTrees">False: no trees, for horizons beyond what they can speak of.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static ChurnCandidates Fit(PurchaseHistory known, ChurnModelOptions options, bool withTrees, CancellationToken cancellation)
    {
        var buyers = known.Customers.Where(c => c.Purchases.Length > 0).ToArray();
        var processes = ProcessPair.Fit(buyers, known.LastDay, options.LeastOutcomes);
        cancellation.ThrowIfCancellationRequested();
        var features = new ChurnFeatures(processes.BgNbd, processes.ParetoNbd, known.LastDay - known.FirstDay >= options.SeasonalDays);
        var hazard = HazardModel.Fit(buyers, features, known.FirstDay, known.LastDay, options, withTrees, cancellation);
        return new ChurnCandidates { Day = known.LastDay, Processes = processes, Hazard = hazard };
    }

    /// <summary>P(no purchase within some days) by each candidate; NaN where it was not fitted.</summary>
    public double[] NoPurchase(CustomerPurchases customer, int days)
    {
        var answers = new double[Names.Count];
        Array.Fill(answers, double.NaN);
        for (var c = 0; c < HazardLogistic; c++) answers[c] = NoPurchase(c, customer, days);
        if (Hazard is null) return answers;
        var hazards = answers.AsSpan(HazardLogistic, Hazard.Trees is null ? 1 : TreesShares.Length);
        TreesShares.AsSpan(0, hazards.Length).CopyTo(hazards);
        Hazard.NoPurchase(customer, Day, days, hazards);
        return answers;
    }

    /// <summary>P(no purchase within some days) by one candidate.</summary>
    public double NoPurchase(int candidate, CustomerPurchases customer, int days)
    {
        if (candidate >= HazardLogistic) return Hazard!.NoPurchase(customer, Day, days, TreesShare(candidate));
        PurchaseProcess process = candidate == BgNbd ? Processes.BgNbd : Processes.ParetoNbd;
        return process.NoPurchase(BuyerSummary.Of(customer, Day), days / (double)HazardModel.Week);
    }
}
