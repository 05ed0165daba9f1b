using System.Globalization;
using Streaming.Core.Score;

namespace Streaming.Training.Churn;

/// <summary>
/// <c>train churn</c>: 1 fit on the whole history, 2 rehearse each horizon on closed windows, 3 choose the trees' share and the calibration line, 4 write the model folder. The file is the hazard of one week,
/// P(a purchase within the 7 days after); whoever serves it multiplies 1 − hazard over the weeks of the horizon, features moving as without a purchase, and applies the line (docs/churn.md).
/// </summary>
public static class TrainChurnCommand
{
    /// <summary>Kind of the model in its manifest.</summary>
    public const string Kind = "churn";

    private const long DayMs = 86_400_000;

    /// <summary>Trains and writes. Runs on the thread pool; equal options give equal bytes.</summary>
    /// <exception cref="ArgumentException">An option out of its range, or a shop too small for a model of its own.</exception>
    public static Task<TrainResult> RunAsync(TrainChurnOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(options, progress, cancellation), cancellation);

    private static TrainResult Run(TrainChurnOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        var history = options.History;
        progress?.Report(new TrainProgress("fit", 0));
        var candidates = ChurnCandidates.Fit(history, options.Model, withTrees: true, cancellation); // 1
        if (candidates.Hazard is not { } hazard) throw new ArgumentException($"the shop is too small for a model of its own: {options.Model.LeastOutcomes} weeks with, and without, a purchase are needed");
        var rehearsals = Rehearse(options, progress, cancellation); // 2
        var all = rehearsals.SelectMany(r => r.Value).ToList();
        var chosen = ChurnModel.ChooseHazard(all); // 3
        var share = ChurnCandidates.TreesShare(chosen);
        var line = ChurnModel.LineOf(candidates, all, chosen, [.. history.Customers.Where(c => c.Purchases.Length > 0)], rehearsals.Keys.LastOrDefault(HazardModel.Week));
        var metrics = Measure(rehearsals, chosen, share, line, candidates, ChurnModel.CalibratedTo(history, options.Model.LeastOutcomes));
        var onnx = HazardOnnx.Write(hazard, share);
        var manifest = Manifest(options, onnx, metrics);
        ModelFolderWriter.Write(options.OutputFolder, manifest, onnx); // 4
        progress?.Report(new TrainProgress("write", 1));
        return new TrainResult(manifest.Name, manifest.Version, options.OutputFolder, metrics);
    }

    private static SortedDictionary<int, List<ChurnRehearsal>> Rehearse(TrainChurnOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var history = options.History;
        var rehearsals = new SortedDictionary<int, List<ChurnRehearsal>>();
        var horizons = options.Horizons.Distinct().Where(h => h <= (history.LastDay - history.FirstDay) / 2).Order().ToArray();
        foreach (var days in horizons)
        {
            progress?.Report(new TrainProgress("measure", rehearsals.Count / (double)horizons.Length));
            var here = ChurnRehearsal.Places(history.FirstDay, history.LastDay, days).Select(p => ChurnRehearsal.Run(history, p.Day, p.Days, options.Model, withTrees: true, cancellation)).OfType<ChurnRehearsal>().ToList();
            if (here.Count > 0) rehearsals.Add(days, here);
        }

        return rehearsals;
    }

    private static SortedDictionary<string, double> Measure(
        SortedDictionary<int, List<ChurnRehearsal>> rehearsals, int chosen, double share, CalibrationLine line, ChurnCandidates candidates, int calibratedTo)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["treesShare"] = share, ["lineIntercept"] = Round(line.Intercept), ["lineSlope"] = Round(line.Slope), ["calibratedToDays"] = calibratedTo,
        };
        foreach (var (days, of) in rehearsals)
        {
            var latest = of[0];
            figures[string.Create(CultureInfo.InvariantCulture, $"auroc{days}")] = Round(BinaryMetrics.Auroc(latest.Buys[chosen], latest.Bought));
            figures[string.Create(CultureInfo.InvariantCulture, $"logLoss{days}")] = Round(BinaryMetrics.LogLoss(latest.Buys[chosen], latest.Bought));
            figures[string.Create(CultureInfo.InvariantCulture, $"baseRate{days}")] = Round(latest.Bought.Average(b => b ? 1.0 : 0));
        }

        foreach (var (name, value) in candidates.Processes.BgNbd.Parameters) figures["bgNbd." + name] = value;
        foreach (var (name, value) in candidates.Processes.ParetoNbd.Parameters) figures["paretoNbd." + name] = value;
        return figures;
    }

    private static double Round(double value) => Math.Round(value, 6);

    private static ModelManifest Manifest(TrainChurnOptions options, byte[] onnx, IReadOnlyDictionary<string, double> metrics)
    {
        var sha256 = ModelHash.Of(onnx);
        var day = DateTimeOffset.FromUnixTimeMilliseconds(options.History.LastDay * DayMs).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return new ModelManifest
        {
            Kind = Kind, Name = options.Name, Version = $"{day}-{sha256[..8]}", Sha256 = sha256,
            Inputs = [new TensorSpec("features", TensorSpec.Float32, [-1, ChurnFeatures.Count])], Outputs = [new TensorSpec("score", TensorSpec.Float32, [-1, 1])],
            Features = ChurnFeatures.Names, FeatureHash = ChurnFeatures.Hash, Metrics = metrics,
            DataFromMs = options.History.FirstDay * DayMs, DataToMs = ((options.History.LastDay + 1) * DayMs) - 1, Seed = options.Seed, CreatedBy = options.Command,
        };
    }
}
