using System.Globalization;
using Streaming.Core.Score;

namespace Streaming.Training.Ranker;

/// <summary>
/// <c>train ranker</c>: 1 history → labelled moments, 2 fit, 3 measure on the later slice beside the fall-back blend, 4 write the model folder.
/// </summary>
public static class TrainRankerCommand
{
    /// <summary>Trains and writes a ranker. Runs on the thread pool; equal options give equal bytes.</summary>
    /// <exception cref="ArgumentException">An option out of its range, a history out of order or too short.</exception>
    public static Task<TrainResult> RunAsync(TrainRankerOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(options, progress, cancellation), cancellation);

    private static TrainResult Run(TrainRankerOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        var data = RankerDatasetBuilder.Build(options.History, options.Replay, options.Dataset with { Seed = options.Seed }, progress, cancellation); // 1
        var model = RankerTrainer.Fit(data.Train, options.Trainer with { Seed = options.Seed }, progress, cancellation); // 2
        progress?.Report(new TrainProgress("measure", 0));
        var metrics = Measure(model, data); // 3
        var onnx = model.ToOnnx();
        var manifest = Manifest(options, data, onnx, metrics);
        ModelFolderWriter.Write(options.OutputFolder, manifest, onnx); // 4
        progress?.Report(new TrainProgress("write", 1));
        return new TrainResult(manifest.Name, manifest.Version, options.OutputFolder, metrics);
    }

    private static SortedDictionary<string, double> Measure(MlpRanker model, RankerDataset data)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["groupsTrain"] = data.Train.Count,
            ["groupsHoldout"] = data.Holdout.Count,
            ["reach"] = Round(RankingMetrics.Reach(data.Holdout)),
        };
        Add("", RankingMetrics.Of(data.Holdout, (group, scores) => model.Forward(group.Features, scores)));
        Add("Blend", RankingMetrics.Of(data.Holdout, (group, scores) => group.Blend.CopyTo(scores, 0)));
        return figures;

        void Add(string of, RankingMetrics measured)
        {
            figures["recall20" + of] = Round(measured.Recall20);
            figures["ndcg20" + of] = Round(measured.Ndcg20);
            figures["mrr20" + of] = Round(measured.Mrr20);
            figures["auc" + of] = Round(measured.Auc);
        }
    }

    private static double Round(double value) => Math.Round(value, 6);

    private static ModelManifest Manifest(TrainRankerOptions options, RankerDataset data, byte[] onnx, IReadOnlyDictionary<string, double> metrics)
    {
        var sha256 = ModelHash.Of(onnx);
        var day = DateTimeOffset.FromUnixTimeMilliseconds(data.ToMs).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return new ModelManifest
        {
            Kind = ModelManifest.RankerKind, Name = options.Name, Version = $"{day}-{sha256[..8]}", Sha256 = sha256,
            Inputs = [new TensorSpec("features", TensorSpec.Float32, [-1, RankerFeatures.Count])], Outputs = [new TensorSpec("score", TensorSpec.Float32, [-1, 1])],
            Features = RankerFeatures.Names, FeatureHash = RankerFeatures.Hash, EmbeddingVersion = $"hashed-{options.Replay.Fold.Dimensions}", Metrics = metrics,
            DataFromMs = data.FromMs, DataToMs = data.ToMs, Seed = options.Seed, CreatedBy = options.Command,
        };
    }
}
