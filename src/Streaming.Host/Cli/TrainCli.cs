using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Host.Replay;
using Streaming.Host.Settings;
using Streaming.Training;
using Streaming.Training.Embeddings;
using Streaming.Training.History;
using Streaming.Training.Ranker;

namespace Streaming.Host.Cli;

/// <summary><c>train</c>: a model folder from history.</summary>
internal static class TrainCli
{
    private const string SettingsNote = "Models are trained under the settings that they will serve under.";

    /// <summary>The command with its kinds of models.</summary>
    public static Command Create() => new ExampledCommand("train", "Makes a model folder from history.", "streaming train ranker --format online-retail --input online-retail.csv.gz --out models/ranker")
    {
        Kind("ranker", $"Trains the ranker (model.onnx and manifest.json). {SettingsNote}", (history, output, seed, line, settings, progress, cancellation) => TrainRankerCommand.RunAsync(new TrainRankerOptions
        {
            History = history, OutputFolder = output, Seed = seed, Command = line,
            Replay = new HistoryReplayOptions { Fold = settings.Get<FoldOptions>(), Index = settings.Get<ItemIndexOptions>(), Recall = settings.Get<RecallOptions>(), Rerank = settings.Get<RerankOptions>() },
        }, progress, cancellation)),
        Kind("embeddings", $"Trains item vectors (items.bin and manifest.json). {SettingsNote}", (history, output, seed, line, settings, progress, cancellation) => TrainEmbeddingsCommand.RunAsync(new TrainEmbeddingsOptions
        {
            History = history, OutputFolder = output, Seed = seed, Command = line, SessionGap = settings.Get<FoldOptions>().SessionGap,
            Trainer = new EmbeddingTrainerOptions { Dimensions = settings.Get<FoldOptions>().Dimensions },
        }, progress, cancellation)),
        TrainSessionEncoderCli.Create(),
        TrainChurnCli.Create(),
        TrainSegmentsCli.Create(),
        TrainUpliftCli.Create(),
    };

    /// <summary>One kind's training.</summary>
    internal delegate Task<TrainResult> Training(TrainingHistory history, string output, int seed, string line, SettingsSnapshot settings, IProgress<TrainProgress> progress, CancellationToken cancellation);

    private static ExampledCommand Kind(string kind, string about, Training train) => Kind(kind, about, [], (_, _) => train);

    /// <summary>A kind with options of its own.</summary>
    /// <param name="kind">Its name.</param>
    /// <param name="about">What it does.</param>
    /// <param name="more">Its options.</param>
    /// <param name="prepare">Reads them, before the history is; null: one is wrong, which it has said to the writer.</param>
    internal static ExampledCommand Kind(string kind, string about, IReadOnlyList<Option> more, Func<ParseResult, TextWriter, Training?> prepare)
    {
        var command = new ExampledCommand(kind, about, $"streaming train {kind} --format online-retail --input online-retail.csv.gz --out models/{kind} --json");
        var format = new Option<string>("--format") { Description = $"Form of the history: {string.Join(", ", TrainingInput.Formats)} ({TrainingInput.Synthetic} is generated and takes no input).", HelpName = "F", Required = true };
        format.AcceptOnlyFromAmong([.. TrainingInput.Formats]);
        var input = new Option<string?>("--input") { Description = "File, plain or .gz; - is standard input.", HelpName = "FILE" };
        var output = new Option<string>("--out") { Description = "Folder for the model.", HelpName = "DIR", Required = true };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[format, input, output, .. more, seed, json]) command.Options.Add(option);
        var settings = new SettingsOptions(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Fold", "ItemIndex", "Recall", "Rerank") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            var (form, file) = (parsed.GetValue(format)!, parsed.GetValue(input));
            if (file is null && form != TrainingInput.Synthetic)
            {
                await console.Error.WriteLineAsync($"--input is required with --format {form}.");
                return ExitCode.Usage;
            }

            if (string.IsNullOrWhiteSpace(parsed.GetValue(output)))
            {
                await console.Error.WriteLineAsync("--out must name a folder.");
                return ExitCode.Usage;
            }

            if (prepare(parsed, console.Error) is not { } train) return ExitCode.Usage;
            var line = ProgressLine.On(console.Error);
            var typed = $"train {kind} --format {form} {(file is null ? "" : $"--input {Path.GetFileName(file)} ")}--seed {parsed.GetValue(seed)} --out {parsed.GetValue(output)}";
            try
            {
                var history = TrainingInput.Read(form, file, parsed.GetValue(seed), line.Say);
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var progress = new Inline<TrainProgress>(p => line.Show(p.Note is null ? p.Phase : $"{p.Phase} ({p.Note})", clock.Elapsed.TotalSeconds, p.Share));
                var result = await train(history, parsed.GetValue(output)!, parsed.GetValue(seed), typed, snapshot, progress, cancellation);
                line.Say($"{result.Model} {result.Version} in {result.Folder}: {string.Join(", ", result.Metrics.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.####}")))}");
                if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
                return ExitCode.Done;
            }
            catch (Exception e) when (e is HistoryFormatException or InvalidDataException or ArgumentException)
            {
                line.Say(e.Message);
                return ExitCode.Failed;
            }
        }));
        return command;
    }

    /// <summary>The result line.</summary>
    internal static void Write(Utf8JsonWriter json, TrainResult result)
    {
        json.WriteStartObject();
        json.WriteString("model", result.Model);
        json.WriteString("version", result.Version);
        json.WriteStartObject("metrics");
        foreach (var (name, value) in result.Metrics) json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
