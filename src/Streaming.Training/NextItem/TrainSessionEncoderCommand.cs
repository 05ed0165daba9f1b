using System.Globalization;
using Streaming.Core.Items;
using Streaming.Core.Score;
using Streaming.Training.Embeddings;
using Streaming.Training.Evaluate;

namespace Streaming.Training.NextItem;

/// <summary><c>train session-encoder</c>: 1 sessions, 2 the encoder measured on the last of them, then fitted on all, 3 the folder: <c>model.onnx</c>, <c>items.bin</c>, <c>ranker.onnx</c> where asked for, and <c>manifest.json</c>.</summary>
public static class TrainSessionEncoderCommand
{
    /// <summary>Kind in the manifest.</summary>
    public const string Kind = "session-encoder";

    // A model file holds at most 2 GB; beside the vectors it has some hundred kilobytes.
    private const long MaxVectorBytes = 1_990_000_000;

    /// <summary>Trains and writes. Equal options give equal bytes.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="say">Takes lines for a person: bad rows.</param>
    /// <param name="progress">Stage and share of it.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ArgumentException">An option out of its range.</exception>
    /// <exception cref="InvalidDataException">The file is not of its form, or there is nothing to learn from it.</exception>
    public static TrainResult Run(TrainSessionEncoderOptions options, Action<string>? say = null, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        var (ids, rows) = (new ItemDictionary(), new RowReader());
        var (log, span) = Read(options, ids, rows, say); // 1
        var fit = new SessionEncoderTrainer(log, IdOrder.Places(ids, log.ItemCount), options.Hybrid, options.Seed).Train(options.Ranker, progress, cancellation); // 2
        var files = new SessionEncoderOnnx(fit.Weights, ids); // 3
        var scale = options.Hybrid.Encoder.Scale;
        var model = files.Model(scale);
        var metrics = Metrics(log, rows, fit, scale);
        var others = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { [TrainEmbeddingsCommand.TableFile] = files.Table };
        if (fit.Hybrid is { } hybrid && HasRanker(hybrid)) others.Add(NextItemRankerOnnx.File, NextItemRankerOnnx.Write(hybrid.Trees));
        var manifest = Manifest(options, span, fit.Weights, model, others, metrics);
        ModelFolderWriter.Write(options.OutputFolder, manifest, model, others);
        if (!others.ContainsKey(NextItemRankerOnnx.File)) File.Delete(Path.Combine(options.OutputFolder, NextItemRankerOnnx.File)); // of a training before, around another encoder
        progress?.Report(new TrainProgress("write", 1));
        return new TrainResult(manifest.Name, manifest.Version, options.OutputFolder, metrics);
    }

    private static (SessionLog Log, (long From, long To)? SpanMs) Read(TrainSessionEncoderOptions options, ItemDictionary ids, RowReader rows, Action<string>? say)
    {
        using var stream = InputFile.Open(options.Input);
        (double From, double To)? span = null;
        var log = options.Format == NextItemFormat.Clicks ? ClickFiles.ReadTrain(stream, ids, rows, out span) : SessionFiles.ReadTrain(stream, ids, rows);
        rows.Say(say, "input");
        if (log.Clicks == 0) throw new InvalidDataException("the input has no session");
        if (log.Clicks == log.Count) throw new InvalidDataException($"none of the {log.Count} sessions has a second click: there is nothing to learn from");
        if (log.ItemCount * (4L * options.Hybrid.Encoder.Dimensions) > MaxVectorBytes) throw new InvalidDataException($"{log.ItemCount} items of {options.Hybrid.Encoder.Dimensions} floats are more than a model file holds");
        return (log, span is var (from, to) && IsTime(from) && IsTime(to) ? ((long)Math.Floor(from * 1000), (long)Math.Floor(to * 1000)) : null);
    }

    // Times only order the clicks; where they are no seconds since 1970 they are no span either.
    private static bool IsTime(double seconds) => seconds >= 0 && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static SortedDictionary<string, double> Metrics(SessionLog log, RowReader rows, SessionEncoderFit fit, float scale)
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["sessions"] = log.Count, ["clicks"] = log.Clicks, ["items"] = log.ItemCount, ["badRows"] = rows.Bad, ["passes"] = fit.Passes, ["scale"] = scale,
            ["positions"] = fit.Choice?.Positions ?? 0,
        };
        if (fit.Hybrid is { } hybrid) AddRanker(metrics, hybrid);
        if (fit.Choice is not { } choice) return metrics;
        metrics["outsideTrain"] = choice.OutsideTrain;
        Add(metrics, "", choice.Encoder);
        foreach (var (name, baseline) in choice.Baselines)
        {
            Add(metrics, name + ".", baseline);
            Put(metrics, name + ".gainLow", baseline.GainLow);
            Put(metrics, name + ".gainHigh", baseline.GainHigh);
            Put(metrics, name + ".mrr20GainLow", baseline.Mrr20GainLow);
            Put(metrics, name + ".mrr20GainHigh", baseline.Mrr20GainHigh);
        }

        return metrics;
    }

    private static void AddRanker(SortedDictionary<string, double> metrics, Hybrid hybrid)
    {
        metrics["ranker.trees"] = HasRanker(hybrid) ? hybrid.Trees.Count : 0;
        metrics["ranker.rows"] = hybrid.RankerRows;
        metrics["ranker.positions"] = hybrid.ChoicePositions;
        if (!HasRanker(hybrid)) return;
        Put(metrics, "ranker.p20", hybrid.Choice.P20);
        Put(metrics, "ranker.mrr20", hybrid.Choice.Mrr20);
    }

    // Without a position to choose on nothing says how many trees there should be.
    private static bool HasRanker(Hybrid hybrid) => hybrid is { Trees.Count: > 0, ChoicePositions: > 0 };

    private static void Add(SortedDictionary<string, double> metrics, string of, NextItemScores scores)
    {
        Put(metrics, of + "p20", scores.P20);
        Put(metrics, of + "mrr20", scores.Mrr20);
        Put(metrics, of + "low", scores.Low);
        Put(metrics, of + "high", scores.High);
        Put(metrics, of + "mrr20Low", scores.Mrr20Low);
        Put(metrics, of + "mrr20High", scores.Mrr20High);
        Put(metrics, of + "p20New", scores.P20New);
        Put(metrics, of + "mrr20New", scores.Mrr20New);
    }

    // Figures of no positions are no numbers: their absence says so.
    private static void Put(SortedDictionary<string, double> metrics, string name, double value)
    {
        if (double.IsFinite(value)) metrics[name] = Math.Round(value, 6);
    }

    private static ModelManifest Manifest(TrainSessionEncoderOptions options, (long From, long To)? span, EncoderWeights weights, byte[] model, SortedDictionary<string, byte[]> others, IReadOnlyDictionary<string, double> metrics)
    {
        var sha256 = ModelHash.Of(model);
        var day = span is var (_, last) ? DateTimeOffset.FromUnixTimeMilliseconds(last).ToString("yyyyMMdd", CultureInfo.InvariantCulture) : null;
        var (d, l) = (weights.Dimensions, weights.PrefixItems);
        var files = new SortedDictionary<string, string>(others.ToDictionary(f => f.Key, f => ModelHash.Of(f.Value)), StringComparer.Ordinal);
        return new ModelManifest
        {
            Kind = Kind, Name = options.Name, Version = day is null ? sha256[..12] : $"{day}-{sha256[..8]}", Sha256 = sha256,
            Files = files, EmbeddingVersion = files[TrainEmbeddingsCommand.TableFile],
            Inputs = [new TensorSpec(SessionEncoderOnnx.Input, SessionEncoderOnnx.InputType, [-1, l])], Outputs = [new TensorSpec(SessionEncoderOnnx.Output, TensorSpec.Float32, [-1, d])],
            Features = SessionEncoderOnnx.Columns(l), FeatureHash = SessionEncoderOnnx.Hash(l), Metrics = metrics,
            DataFromMs = span?.From, DataToMs = span?.To, Seed = options.Seed, CreatedBy = options.Command,
        };
    }
}
