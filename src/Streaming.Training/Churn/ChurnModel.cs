namespace Streaming.Training.Churn;

/// <summary>
/// P(no purchase within some days) for each customer of a shop, from what was known at the end of one day. 1. BG/NBD, Pareto/NBD and the week's hazards are fitted. 2. Rehearsals on earlier days choose
/// among them. 3. The rehearsals' errors of spread, shrunk, and a level between the hazard's and BG/NBD's make the calibration line.
/// </summary>
public sealed class ChurnModel
{
    /// <summary>What <see cref="Spoke"/> says of a shop that is too small for a model of its own.</summary>
    public const string PooledPrior = "pooled-prior";

    private const double LeastSlope = 0.25, MostSlope = 4;
    private const int MostAnchors = 2000;
    private readonly ChurnCandidates _candidates;
    private readonly int _chosen;

    private ChurnModel(ChurnCandidates candidates, int chosen, CalibrationLine line, int calibratedToDays, int rehearsals)
    {
        (_candidates, _chosen, Line, CalibratedToDays, Rehearsals) = (candidates, chosen, line, calibratedToDays, rehearsals);
    }

    /// <summary>Which model speaks: hazard-logistic (beyond <see cref="CalibratedToDays"/> always: a tree is flat past the silences it saw), hazard-trees, hazard-mean, bg-nbd, or pooled-prior (BG/NBD held by a prior).</summary>
    public string Spoke => _candidates.Processes.Pooled && _chosen < ChurnCandidates.HazardLogistic ? PooledPrior : ChurnCandidates.Names[_chosen];

    /// <summary>Moves the logit of a purchase.</summary>
    public CalibrationLine Line { get; }

    /// <summary>Longest horizon, in days, that was held against a closed window of its own length with enough outcomes of either kind; 0: none was.</summary>
    public int CalibratedToDays { get; }

    /// <summary>Number of earlier windows that chose and calibrated.</summary>
    public int Rehearsals { get; }

    /// <summary>Last day that is known.</summary>
    public int Day => _candidates.Day;

    /// <summary>BG/NBD of the shop.</summary>
    public BgNbd BgNbd => _candidates.Processes.BgNbd;

    /// <summary>Pareto/NBD of the shop.</summary>
    public ParetoNbd ParetoNbd => _candidates.Processes.ParetoNbd;

    /// <summary>The hazard; null where weeks with, or without, a purchase are too few.</summary>
    public HazardModel? Hazard => _candidates.Hazard;

    /// <summary>Share of the trees in the hazard's logit; null where no hazard speaks.</summary>
    public double? TreesShare => _chosen >= ChurnCandidates.HazardLogistic ? ChurnCandidates.TreesShare(_chosen) : null;

    /// <summary>Fits.</summary>
    /// <param name="known">Purchases up to a day, and none later (<see cref="PurchaseHistory.UpTo"/>).</param>
    /// <param name="days">Horizon that choice and calibration are for, 1 or more.</param>
    /// <param name="options">Already validated.</param>
    /// <param name="progress">Share of the work done, 0 to 1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">Nobody has bought.</exception>
    public static ChurnModel Fit(PurchaseHistory known, int days, ChurnModelOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var buyers = known.Customers.Where(c => c.Purchases.Length > 0).ToArray();
        if (buyers.Length == 0) throw new InvalidDataException("nobody has bought by that day: churn is not defined for anyone");
        var calibratedTo = CalibratedTo(known, options.LeastOutcomes);
        var withTrees = days <= calibratedTo;
        var candidates = ChurnCandidates.Fit(known, options, withTrees, cancellation); // 1
        var rehearsals = new List<ChurnRehearsal>();
        var places = candidates.Hazard is null ? [] : ChurnRehearsal.Places(known.FirstDay, known.LastDay, days);
        for (var p = 0; p < places.Count; p++)
        {
            progress?.Report((p + 1.0) / (places.Count + 1));
            if (ChurnRehearsal.Run(known, places[p].Day, places[p].Days, options, withTrees, cancellation) is { } rehearsal) rehearsals.Add(rehearsal);
        }

        var chosen = candidates.Hazard is null ? ChurnCandidates.BgNbd : withTrees ? ChooseHazard(rehearsals) : ChurnCandidates.HazardLogistic; // 2
        var line = LineOf(candidates, rehearsals, chosen, buyers, days); // 3
        progress?.Report(1);
        return new ChurnModel(candidates, chosen, line, calibratedTo, rehearsals.Count);
    }

    /// <summary>P(no purchase within some days after <see cref="Day"/>); never grows with the days.</summary>
    /// <param name="customer">With a purchase by the day, and none later.</param>
    /// <param name="days">1 or more.</param>
    public double NoPurchase(CustomerPurchases customer, int days) => 1 - Line.Apply(1 - _candidates.NoPurchase(_chosen, customer, days));

    /// <summary>The answer for anyone, with who gives it.</summary>
    /// <param name="customer">Purchases by the day, and none later.</param>
    /// <param name="days">1 or more.</param>
    public ChurnAnswer Answer(CustomerPurchases customer, int days) => customer.Purchases.Length == 0
        ? new ChurnAnswer(null, ChurnAnswer.NeverBought, false)
        : new ChurnAnswer(NoPurchase(customer, days), Spoke, days > CalibratedToDays);

    /// <summary>
    /// The hazard that rehearsals like best, each with the line that would have set it right; the logistic one where there are none. BG/NBD and Pareto/NBD stand no election: they are among its features.
    /// </summary>
    internal static int ChooseHazard(List<ChurnRehearsal> rehearsals) => rehearsals.Count == 0
        ? ChurnCandidates.HazardLogistic
        : Enumerable.Range(ChurnCandidates.HazardLogistic, ChurnCandidates.Names.Count - ChurnCandidates.HazardLogistic).MinBy(c => rehearsals.Average(r => r.Judge(c).LogLoss));

    /// <summary>
    /// Spread and level. n rehearsals tell a lasting error of spread from luck only so far: n / (n + 1) of their mean error is corrected. Their errors of level are left alone, for with a year of history
    /// they are a season's as likely as not; the level is halfway between the hazard's, which has that of all weeks, and BG/NBD's, which has each customer's own pace (docs/decisions/0026).
    /// </summary>
    /// <param name="candidates">Fitted on everything.</param>
    /// <param name="rehearsals">All that could be run.</param>
    /// <param name="chosen">Which candidate.</param>
    /// <param name="buyers">Customers with a purchase.</param>
    /// <param name="days">Horizon at which the level is set.</param>
    internal static CalibrationLine LineOf(ChurnCandidates candidates, List<ChurnRehearsal> rehearsals, int chosen, CustomerPurchases[] buyers, int days)
    {
        if (chosen == ChurnCandidates.BgNbd) return CalibrationLine.Identity;
        var share = rehearsals.Count / (rehearsals.Count + 1.0);
        var slope = rehearsals.Count == 0 ? 1 : Math.Clamp(1 + (share * (rehearsals.Average(r => r.Judge(chosen).Line.Slope) - 1)), LeastSlope, MostSlope);
        var step = Math.Max(1, buyers.Length / MostAnchors);
        var anchors = buyers.Where((_, i) => i % step == 0).ToArray();
        var own = anchors.Select(c => 1 - candidates.NoPurchase(chosen, c, days)).ToArray();
        var pace = anchors.Average(c => 1 - candidates.NoPurchase(ChurnCandidates.BgNbd, c, days));
        return CalibrationLine.ToMean(own, slope, (own.Average() + pace) / 2);
    }

    /// <summary>See <see cref="CalibratedToDays"/>.</summary>
    internal static int CalibratedTo(PurchaseHistory known, int least)
    {
        for (var days = (known.LastDay - known.FirstDay) / 2; days >= 1; days--)
        {
            var day = known.LastDay - days;
            var (yes, no) = (0, 0);
            foreach (var customer in known.Customers)
            {
                if (customer.CountUpTo(day) == 0) continue;
                if (customer.BuysWithin(day, days)) yes++;
                else no++;
            }

            if (yes >= least && no >= least) return days;
        }

        return 0;
    }
}
