using System.Globalization;

namespace Streaming.Training.Policy;

/// <summary>
/// <c>evaluate policy</c>: what another policy would have earned on a log's traffic, of the log's rows alone. 1. Items; the log; the target's rows without their clicks. 2. What the target shows where. 3. What the log's other folds expect of
/// each item at each position. 4. Weights, estimates, intervals. 5. Whether the log can answer at all. 6. Last, the target's own clicks, that no figure but <c>onPolicy</c> and <c>covers</c> knows of.
/// </summary>
public static class PolicyEvaluation
{
    /// <summary>Share of the target's traffic that the log may lack.</summary>
    public const double MaxWithoutSupport = 0.01;
    /// <summary>Effective rows that a verdict needs.</summary>
    public const double LeastEffectiveRows = 100;
    /// <summary>Effective clicks that a verdict needs; with fewer the interval spans so much that it covers whatever there is.</summary>
    public const double LeastEffectiveClicks = 5;
    /// <summary>How far the mean weight may be off 1.</summary>
    public const double MaxWeightGap = 0.1;
    /// <summary>Standard errors by which it may be off 1 whatever the gap.</summary>
    public const double MaxWeightErrors = 4;

    /// <summary>Runs the evaluation.</summary>
    /// <param name="options">Already validated.</param>
    /// <param name="progress">Stage, and share of it done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">A file cannot be used.</exception>
    public static PolicyResult Run(PolicyOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default)
    {
        var bad = new PolicyBadRows();
        progress?.Report(new TrainProgress("read", 0));
        var items = PolicyItems.Read(options.Items, bad); // 1
        var log = new PolicyFile("log", options.Log).Read(items, null, clicks: true, bad);
        if (log.Count < options.Folds) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"log: {log.Count} rows are fewer than {options.Folds} folds"));
        var targetFile = new PolicyFile("target", options.Target);
        var targetRows = targetFile.Read(items, [.. log.Position.Distinct()], clicks: false, bad);
        var result = Value(items, log, targetRows, options, progress, cancellation); // 2 to 4
        string[] doubts = [.. Doubts(result)]; // 5
        var own = targetFile.Read(items, result.Positions, clicks: true, bad.Again("target")); // 6
        return Judge(result, doubts, own, bad);
    }

    /// <summary>Every figure but what the target itself earned: of rows alone, and of the target's without their clicks.</summary>
    internal static PolicyResult Value(PolicyItems items, PolicyRows log, PolicyRows targetRows, PolicyOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var cells = new PolicyCells(items.Count, log);
        var target = new TargetShares(cells, targetRows); // 2
        var (cellOf, foldOf) = (cells.Of(log), CrossedRewards.Deal(log.Count, options.Folds, options.Seed));
        var model = new RewardModel(new RewardDesign(items, cells.Positions.Count), cells);
        var folds = CellCounts.ByFold(cellOf, log.Clicked!, foldOf, options.Folds, cells.Count);
        var rewards = new CrossedRewards(model, folds, cells.Count, share => progress?.Report(new TrainProgress("fit", share)), cancellation); // 3
        var weighted = new WeightedLog(log, cellOf, foldOf, target, rewards, cells.Items); // 4
        var (robust, shown) = (weighted.DoublyRobust(), CellCounts.Sum(folds, cells.Count).Rows);
        return new PolicyResult
        {
            Estimate = 0, Low = 0, High = 0, Verdict = "", OnPolicy = 0, OnPolicyLow = 0, OnPolicyHigh = 0, OnPolicyRows = 0, OnPolicyClicks = 0, BadRows = 0, BadRowsNamed = [], EffectiveClicks = robust.Se > 0 ? robust.Estimate * robust.Estimate / (robust.Se * robust.Se) : 0,
            Estimates = new Dictionary<string, PolicyEstimate>(StringComparer.Ordinal) { ["doublyRobust"] = robust, ["selfNormalised"] = weighted.SelfNormalised() },
            Baselines = new Dictionary<string, PolicyEstimate>(StringComparer.Ordinal) { ["ips"] = weighted.Plain(), ["naive"] = weighted.Naive() },
            LogRows = log.Count, LogClicks = log.Clicked!.Count(c => c), TargetRows = targetRows.Count, Items = items.Count, Positions = cells.Positions,
            EffectiveRows = weighted.EffectiveRows, LargestWeight = weighted.LargestWeight, MeanWeight = weighted.MeanWeight, MeanWeightSe = weighted.MeanWeightSe,
            WithoutSupport = target.Traffic(c => shown[c] == 0), WithoutWeight = weighted.WithoutWeight, Penalties = [.. rewards.Penalties.Select(p => double.IsInfinity(p) ? null : (double?)p)], RewardGain = rewards.Gain,
        };
    }

    /// <summary>Why a log cannot answer.</summary>
    private static IEnumerable<string> Doubts(PolicyResult result)
    {
        if (result.WithoutSupport > MaxWithoutSupport) yield return string.Create(CultureInfo.InvariantCulture, $"{result.WithoutSupport:0.0 %} of what the target shows was never shown by the log at that position");
        if (result.EffectiveRows < LeastEffectiveRows) yield return string.Create(CultureInfo.InvariantCulture, $"the log is worth {result.EffectiveRows:0} rows of the target's own, fewer than {LeastEffectiveRows:0}");
        if (result.LogClicks == 0) yield return "the log has no click";
        else if (result.EffectiveClicks < LeastEffectiveClicks) yield return string.Create(CultureInfo.InvariantCulture, $"the log is worth {result.EffectiveClicks:0.0} clicks of the target's own, fewer than {LeastEffectiveClicks:0}");
        if (Math.Abs(result.MeanWeight - 1) > Math.Max(MaxWeightGap, MaxWeightErrors * result.MeanWeightSe))
            yield return string.Create(CultureInfo.InvariantCulture, $"the mean weight is {result.MeanWeight:0.000} (standard error {result.MeanWeightSe:0.000}) where 1 is due: the log's propensities are not those of its policy, or it hardly shows what the target does");
    }

    private static PolicyResult Judge(PolicyResult result, string[] doubts, PolicyRows own, PolicyBadRows bad)
    {
        var clicks = own.Clicked!.Count(c => c);
        var rate = WeightedLog.Rate(clicks, own.Count);
        bool? Covers(PolicyEstimate e) => doubts.Length > 0 ? null : e.Low <= rate.Estimate && rate.Estimate <= e.High;
        Dictionary<string, PolicyEstimate> Judged(IReadOnlyDictionary<string, PolicyEstimate> some) => some.ToDictionary(e => e.Key, e => e.Value with { Covers = Covers(e.Value) }, StringComparer.Ordinal);
        var main = result.Estimates["doublyRobust"];
        return result with
        {
            Estimate = main.Estimate, Low = main.Low, High = main.High, Covers = Covers(main),
            Verdict = doubts.Length > 0 ? PolicyResult.NoVerdict + string.Join("; ", doubts) : Covers(main) == true ? PolicyResult.CoversOwn : PolicyResult.MissesOwn,
            Estimates = Judged(result.Estimates), Baselines = Judged(result.Baselines),
            OnPolicy = rate.Estimate, OnPolicyLow = rate.Low, OnPolicyHigh = rate.High, OnPolicyRows = own.Count, OnPolicyClicks = clicks, BadRows = bad.Count, BadRowsNamed = bad.Named,
        };
    }
}
