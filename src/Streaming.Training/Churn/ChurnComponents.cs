using Streaming.Training.Onnx;
using Streaming.Training.Trees;

namespace Streaming.Training.Churn;

/// <summary>
/// Every model that can speak of P(no purchase), fitted on what was known at the end of one day: BG/NBD and Pareto/NBD; hazards of a week (logistic, trees), whose survival is multiplied up to any
/// horizon; and, where enough windows of the horizon's length are closed, models of the whole window (logistic, trees).
/// </summary>
internal sealed class ChurnComponents
{
    private const int Week = 7, WarmUpDays = 14, MostHazardWindows = 60, MostDirectWindows = 26;
    private readonly ChurnFeatures _features;
    private readonly LogisticModel? _hazardLogistic, _directLogistic;
    private readonly TreeEnsemble? _hazardTrees, _directTrees;
    private readonly int _day;

    private ChurnComponents(int day, ProcessPair processes, ChurnFeatures features, (LogisticModel? Logistic, TreeEnsemble? Trees) hazard, (LogisticModel? Logistic, TreeEnsemble? Trees) direct)
    {
        (_day, Processes, _features) = (day, processes, features);
        (_hazardLogistic, _hazardTrees) = hazard;
        (_directLogistic, _directTrees) = direct;
    }

    /// <summary>BG/NBD and Pareto/NBD.</summary>
    public ProcessPair Processes { get; }

    /// <summary>True where the window's own models could be fitted.</summary>
    public bool HasDirect => _directLogistic is not null;

    /// <summary>True where the week's hazards could be fitted.</summary>
    public bool HasHazard => _hazardLogistic is not null;

    /// <summary>The features' maker.</summary>
    public ChurnFeatures Features => _features;

    /// <summary>The window's own models.</summary>
    public (LogisticModel? Logistic, TreeEnsemble? Trees) Direct => (_directLogistic, _directTrees);

    /// <summary>Fits.</summary>
    /// <param name="known">Purchases up to a day, and none later.</param>
    /// <param name="days">Horizon.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static ChurnComponents Fit(PurchaseHistory known, int days, ChurnModelOptions options, CancellationToken cancellation)
    {
        var buyers = known.Customers.Where(c => c.Purchases.Length > 0).ToArray();
        var processes = ProcessPair.Fit(buyers, known.LastDay, options.LeastOutcomes);
        var features = new ChurnFeatures(processes.BgNbd, processes.ParetoNbd, known.LastDay - known.FirstDay >= options.SeasonalDays);
        return new ChurnComponents(known.LastDay, processes, features, Pair(Week, MostHazardWindows), Pair(days, MostDirectWindows));

        (LogisticModel?, TreeEnsemble?) Pair(int window, int most)
        {
            var starts = ChurnRowBuilder.Starts(known.FirstDay, known.LastDay, window, WarmUpDays, most);
            if (starts.Length == 0) return (null, null);
            var rows = ChurnRowBuilder.Build(buyers, features, starts, window, options.HalfLifeDays);
            var bought = rows.Bought.Count(b => b);
            if (bought < options.LeastOutcomes || rows.Rows - bought < options.LeastOutcomes) return (null, null);
            var logistic = LogisticModel.Fit(rows, options.Ridge);
            return (logistic, BoostedTrees.Fit(rows.Features, ChurnFeatures.Count, rows.Bought, rows.Weights, options.Trees, cancellation));
        }
    }

    /// <summary>P(no purchase) by each model within some days after the day of the fit.</summary>
    /// <param name="customer">With a purchase by then.</param>
    /// <param name="days">Days.</param>
    /// <param name="asked">Horizon of the window's own models: they speak where days equal it.</param>
    public double[] NoPurchase(CustomerPurchases customer, int days, bool asked)
    {
        var p = new double[ChurnComponent.Count];
        Array.Fill(p, double.NaN);
        var summary = BuyerSummary.Of(customer, _day);
        p[ChurnComponent.BgNbd] = Processes.BgNbd.NoPurchase(summary, days / (double)Week);
        p[ChurnComponent.ParetoNbd] = Processes.ParetoNbd.NoPurchase(summary, days / (double)Week);
        Span<float> row = stackalloc float[ChurnFeatures.Count];
        if (_hazardLogistic is not null) Survive(customer, days, row, p);
        if (!asked || _directLogistic is null) return p;
        _features.Fill(customer, _day, days, row);
        p[ChurnComponent.DirectLogistic] = LogMath.Sigmoid(-_directLogistic.Logit(row));
        p[ChurnComponent.DirectTrees] = LogMath.Sigmoid(-_directTrees!.Evaluate(row));
        return p;
    }

    // The survival of a week on: features move as they would without a purchase.
    private void Survive(CustomerPurchases customer, int days, Span<float> row, double[] p)
    {
        double logistic = 0, trees = 0;
        for (var from = 0; from < days; from += Week)
        {
            _features.Fill(customer, _day + from, Week, row);
            var share = Math.Min(Week, days - from) / (double)Week;
            logistic += share * LogNoPurchase(_hazardLogistic!.Logit(row));
            trees += share * LogNoPurchase(_hazardTrees!.Evaluate(row));
        }

        p[ChurnComponent.HazardLogistic] = Math.Exp(logistic);
        p[ChurnComponent.HazardTrees] = Math.Exp(trees);
    }

    // ln(1 − σ(x)) without a loss of digits.
    private static double LogNoPurchase(double logit) => logit > 0 ? -logit - Math.Log(1 + Math.Exp(-logit)) : -Math.Log(1 + Math.Exp(logit));
}
