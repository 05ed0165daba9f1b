using System.Diagnostics;
using System.Globalization;

namespace Streaming.Training.Churn;

/// <summary>
/// <c>evaluate churn</c>. 1. What happened up to and with the cut's day is parted from the rest. 2. The model is fitted on it. 3. Every customer with a purchase by then gets a probability. 4. Only then are
/// the answers looked at.
/// </summary>
public static class ChurnEvaluation
{
    private const int FullYearsForSeasons = 730;
    private static readonly double[] Risks = [0.5, 0.6, 0.7, 0.8, 0.9];

    /// <summary>Runs the evaluation.</summary>
    /// <param name="options">Already validated.</param>
    /// <param name="progress">Share of the work done, 0 to 1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">The file is not of its form, nobody has bought by the cut, or the horizon reaches past the last day.</exception>
    public static ChurnResult Run(ChurnEvaluationOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        Run(PurchaseFile.Read(options.Format, options.Transactions), options, progress, cancellation);

    /// <summary>The same for purchases that were read already.</summary>
    public static ChurnResult Run(PurchaseHistory history, ChurnEvaluationOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (day, days) = (DayOf(options.Cut), options.HorizonDays);
        if (day + days > history.LastDay) throw new InvalidDataException($"the window of {days} days after {options.Cut:yyyy-MM-dd} ends after the data's last day, {DateOf(history.LastDay)}: who buys in it is not known");
        var known = history.UpTo(day); // 1
        var clock = Stopwatch.StartNew();
        var model = ChurnModel.Fit(known, days, options.Model, progress, cancellation); // 2
        var seconds = clock.Elapsed.TotalSeconds;
        var customers = known.Customers.Where(c => c.Purchases.Length > 0).ToArray();
        var buys = Predict(model, customers, days); // 3
        var baselines = ChurnBaselines.Of(model, known, customers, days);
        var later = history.Customers.ToDictionary(c => c.Id, StringComparer.Ordinal);
        var bought = customers.Select(c => later[c.Id].BuysWithin(day, days)).ToArray(); // 4
        var value = ChurnValueCheck.Run(model, customers, later, days, options.Seed);
        return Summarise(options, known, model, customers, buys, baselines, bought, seconds) with { Value = value };
    }

    /// <summary>P(a purchase within the horizon) of each customer, in their order; reads nothing after the model's day.</summary>
    public static double[] Predict(ChurnModel model, IReadOnlyList<CustomerPurchases> customers, int days) => [.. customers.Select(c => 1 - model.NoPurchase(c, days))];

    private static ChurnResult Summarise(
        ChurnEvaluationOptions options, PurchaseHistory known, ChurnModel model, CustomerPurchases[] customers, double[] buys, SortedDictionary<string, double[]> baselines, bool[] bought, double seconds)
    {
        var bootstrap = new ChurnBootstrap(customers.Length, options.Draws, options.Seed);
        var losses = Losses(buys, bought);
        var best = baselines.MinBy(b => BinaryMetrics.LogLoss(b.Value, bought));
        var (gainLow, gainHigh) = bootstrap.Mean([.. Losses(best.Value, bought).Zip(losses, (b, m) => b - m)], 0.9);
        var (aurocLow, aurocHigh) = bootstrap.Auroc(buys, bought, 0.95);
        var (lossLow, lossHigh) = bootstrap.Mean(losses, 0.95);
        var features = new ChurnFeatures(model.BgNbd, model.ParetoNbd, seasonal: false);
        var ceiling = ChurnCeiling.Fit(features, customers, bought, known.LastDay, options.HorizonDays, options.Seed);
        var ece = new CalibrationError(buys);
        return new ChurnResult
        {
            Customers = customers.Length, CustomersWithoutScore = known.Customers.Count - customers.Length, BaseRate = bought.Count(b => b) / (double)bought.Length, MeanPredicted = buys.Average(),
            Auroc = BinaryMetrics.Auroc(buys, bought), AurocLow = aurocLow, AurocHigh = aurocHigh, LogLoss = losses.Average(), LogLossLow = lossLow, LogLossHigh = lossHigh,
            Ece = ece.Of(bought), EceNoise95 = ece.Noise95(options.Draws, options.Seed), CalibrationInTheLarge = CalibrationLine.InTheLarge(buys, bought), Slope = CalibrationLine.Fit(buys, bought).Slope,
            CeilingAuroc = BinaryMetrics.Auroc(ceiling, bought), CeilingLogLoss = BinaryMetrics.LogLoss(ceiling, bought),
            Baselines = baselines.ToDictionary(b => b.Key, b => new ChurnBaseline(BinaryMetrics.Auroc(b.Value, bought), BinaryMetrics.LogLoss(b.Value, bought), b.Value.Average()), StringComparer.Ordinal),
            BestBaseline = best.Key, LogLossGainLow = gainLow, LogLossGainHigh = gainHigh,
            Model = model.Spoke, Extrapolated = options.HorizonDays > model.CalibratedToDays, CalibratedToDays = model.CalibratedToDays, Rehearsals = model.Rehearsals,
            LineIntercept = model.Line.Intercept, LineSlope = model.Line.Slope, BgNbd = model.BgNbd.Parameters, ParetoNbd = model.ParetoNbd.Parameters,
            Alerts = options.Alerts ? AlertRows(buys, bought) : null, BadRows = known.Bad, FitSeconds = seconds, Notes = [.. Notes(known, model, options.HorizonDays)],
        };
    }

    private static double[] Losses(double[] buys, bool[] bought) => [.. buys.Zip(bought, BinaryMetrics.LossOf)];

    private static IEnumerable<string> Notes(PurchaseHistory known, ChurnModel model, int days)
    {
        if (known.LastDay - known.FirstDay < FullYearsForSeasons) yield return "less than two years of history: the level of a season cannot be told from a trend, and is not learned";
        if (days > model.CalibratedToDays) yield return string.Create(CultureInfo.InvariantCulture, $"extrapolated: calibrated to {model.CalibratedToDays} days, asked for {days}");
        if (model.Spoke == ChurnModel.PooledPrior) yield return "too few outcomes for a model of this shop's own: BG/NBD with a prior of other shops speaks";
    }

    private static ChurnAlertRow[] AlertRows(double[] buys, bool[] bought)
    {
        var gone = bought.Count(b => !b);
        return [.. Risks.Select(risk =>
        {
            var alerts = Enumerable.Range(0, buys.Length).Where(i => 1 - buys[i] >= risk).ToArray();
            var right = alerts.Count(i => !bought[i]);
            return new ChurnAlertRow(risk, alerts.Length, alerts.Length == 0 ? 0 : right / (double)alerts.Length, gone == 0 ? 0 : right / (double)gone);
        })];
    }

    private static int DayOf(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static string DateOf(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
