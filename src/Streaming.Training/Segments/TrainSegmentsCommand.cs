using System.Globalization;
using Streaming.Core.Score;
using Streaming.Training.Segments.Report;

namespace Streaming.Training.Segments;

/// <summary><c>train segments</c>: 1 the segments of the history's end, 2 their stability over refits of its second half, 3 the report, 4 the model folder.</summary>
public static class TrainSegmentsCommand
{
    /// <summary>Kind in the manifest.</summary>
    public const string Kind = "segments";

    /// <summary>Trains and writes segments and their report. Runs on the thread pool; equal options and equal former segments give equal bytes.</summary>
    /// <exception cref="ArgumentException">An option out of its range, or a history out of order.</exception>
    /// <exception cref="InvalidDataException">Too few customers, or former segments that cannot be read.</exception>
    public static Task<TrainResult> RunAsync(TrainSegmentsOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(options, progress, cancellation), cancellation);

    private static TrainResult Run(TrainSegmentsOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        options.History.RequireOrder();
        var events = options.History.Events;
        var former = Former(options.OutputFolder);
        var customers = BehaviourTable.At(events, events[^1].AtMs);
        var model = SegmentFitter.Fit(customers, former, options.Seed); // 1
        var metrics = Measure(model, customers);
        var stability = SegmentStability.Measure(events, options.RefitDays, options.Seed, share => progress?.Report(new TrainProgress("measure", share)), cancellation); // 2
        if (stability is not null) Add(metrics, stability);
        var report = SegmentReportBuilder.Build(options.History, model, customers, stability?.Last is { } last ? last.Moves.Named(last.Model, model) : null, options.Rules, options.Seed, cancellation); // 3
        var bytes = SegmentModelFile.Write(model);
        var sha256 = ModelHash.Of(bytes);
        var version = $"{DateTimeOffset.FromUnixTimeMilliseconds(events[^1].AtMs).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{sha256[..8]}";
        Put(options.OutputFolder, ReportJson.Name, ReportJson.Write(report, options.Name, version));
        Put(options.OutputFolder, ReportPage.Name, ReportPage.Write(report, version, options.Language));
        ModelFolderWriter.Write(options.OutputFolder, new ModelManifest // 4
        {
            Kind = Kind, Name = options.Name, Version = version, File = SegmentModelFile.Name, Sha256 = sha256, Metrics = metrics,
            DataFromMs = events[0].AtMs, DataToMs = events[^1].AtMs, Seed = options.Seed, CreatedBy = options.Command,
        }, bytes);
        progress?.Report(new TrainProgress("write", 1));
        return new TrainResult(options.Name, version, options.OutputFolder, metrics);
    }

    // Under another name first, so that nobody reads half a report.
    private static void Put(string folder, string name, byte[] bytes)
    {
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, "." + name + ".new");
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, Path.Combine(folder, name), overwrite: true);
    }

    private static SegmentModel? Former(string folder)
    {
        var path = Path.Combine(folder, SegmentModelFile.Name);
        return File.Exists(path) ? SegmentModelFile.Read(File.ReadAllBytes(path)) : null;
    }

    private static SortedDictionary<string, double> Measure(SegmentModel model, IReadOnlyList<CustomerBehaviour> customers)
    {
        double[][] points = [.. customers.Select(model.Scale.Point)];
        return new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["customers"] = customers.Count, ["segments"] = model.Centres.Length,
            ["smallestShare"] = Round(SegmentFitter.Smallest(points, model.Centres)), ["silhouette"] = Round(KMeans.Silhouette(points, model.Centres)),
        };
    }

    private static void Add(SortedDictionary<string, double> metrics, SegmentStability stability)
    {
        metrics["refits"] = stability.Refits;
        metrics["ari"] = Round(stability.Kept);
        metrics["ariLeast"] = Round(stability.KeptLeast);
        metrics["ariNearest"] = Round(stability.Nearest);
        metrics["ariSameData"] = Round(stability.SameData);
        metrics["ariRfm"] = Round(stability.RfmNames);
        metrics["ariRfmCells"] = Round(stability.RfmCells);
    }

    private static double Round(double value) => Math.Round(value, 6);
}
