using System.Globalization;
using System.Text;
using Streaming.Core.Items;
using Streaming.Core.Score;

namespace Streaming.Training.Embeddings;

/// <summary><c>train embeddings</c>: 1 history → sessions, 2 vectors of the earlier ones measured on the later ones, 3 vectors of all, 4 the folder.</summary>
public static class TrainEmbeddingsCommand
{
    /// <summary>Name of the table's file.</summary>
    public const string TableFile = "items.bin";

    /// <summary>Trains and writes a table of item vectors. Runs on the thread pool; equal options give equal bytes.</summary>
    /// <exception cref="ArgumentException">An option out of its range, a history out of order or too short.</exception>
    public static Task<TrainResult> RunAsync(TrainEmbeddingsOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default) =>
        Task.Run(() => Run(options, progress, cancellation), cancellation);

    private static TrainResult Run(TrainEmbeddingsOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        options.History.RequireOrder();
        var trainer = options.Trainer with { Seed = options.Seed };
        var sessions = SessionSplitter.Split(options.History.Events, options.SessionGap).ToArray(); // 1
        var split = (int)(sessions.Length * (1 - options.HoldoutShare));
        progress?.Report(new TrainProgress("measure", 0));
        var earlier = EmbeddingTrainer.Fit(sessions[..split], trainer); // 2
        cancellation.ThrowIfCancellationRequested();
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["sessions"] = sessions.Length,
            ["hit20"] = Math.Round(NextItemHits.Of(earlier, sessions[split..]), 6),
            ["hit20Attributes"] = Math.Round(NextItemHits.Of(Hashed(options, earlier), sessions[split..]), 6),
        };
        progress?.Report(new TrainProgress("fit", 0));
        var entries = EmbeddingTrainer.Fit(sessions, trainer); // 3
        metrics["items"] = entries.Length;
        var bytes = VectorTableBlob.Write(trainer.Dimensions, entries);
        var manifest = Manifest(options, bytes, metrics);
        ModelFolderWriter.Write(options.OutputFolder, manifest, bytes); // 4
        progress?.Report(new TrainProgress("write", 1));
        return new TrainResult(manifest.Name, manifest.Version, options.OutputFolder, metrics);
    }

    /// <summary>The same items with the vectors of their attributes: the baseline.</summary>
    private static VectorTableEntry[] Hashed(TrainEmbeddingsOptions options, VectorTableEntry[] entries)
    {
        var catalog = options.History.Catalog.GroupBy(i => i.ItemId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        return Array.ConvertAll(entries, e =>
        {
            var vector = new float[options.Trainer.Dimensions];
            if (catalog.TryGetValue(Encoding.UTF8.GetString(e.ItemId), out var item)) HashedItemVectors.Of(item, vector);
            else HashedItemVectors.Of(e.ItemId, vector);
            return new VectorTableEntry(e.ItemId, vector);
        });
    }

    private static ModelManifest Manifest(TrainEmbeddingsOptions options, byte[] bytes, IReadOnlyDictionary<string, double> metrics)
    {
        var events = options.History.Events;
        var sha256 = VectorTableBlob.Sha256(bytes);
        var day = DateTimeOffset.FromUnixTimeMilliseconds(events[^1].AtMs).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return new ModelManifest
        {
            Kind = ModelManifest.EmbeddingsKind, Name = options.Name, Version = $"{day}-{sha256[..8]}", File = TableFile, Sha256 = sha256, EmbeddingVersion = sha256,
            Outputs = [new TensorSpec("vector", TensorSpec.Float32, [-1, options.Trainer.Dimensions])], Metrics = metrics,
            DataFromMs = events[0].AtMs, DataToMs = events[^1].AtMs, Seed = options.Seed, CreatedBy = options.Command,
        };
    }
}
