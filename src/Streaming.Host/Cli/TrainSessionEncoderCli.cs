using System.CommandLine;
using System.Globalization;
using Streaming.Training.NextItem;

namespace Streaming.Host.Cli;

/// <summary><c>train session-encoder</c>: vectors of items, and of a session among them, from sessions of clicks.</summary>
internal static class TrainSessionEncoderCli
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("session-encoder", "Trains item vectors and the session encoder among them (model.onnx, items.bin and manifest.json), measured on the last sessions beside popular items and session neighbours.",
            "streaming train session-encoder --format sessions --input sessions.txt.gz --out models/session-encoder --json");
        var format = new Option<string>("--format") { Description = "sessions (a session a line, item ids with blanks, lines in time order) or clicks (SessionId, ItemId, Time with tabs).", HelpName = "sessions|clicks", Required = true };
        format.AcceptOnlyFromAmong("sessions", "clicks");
        var input = new Option<string>("--input") { Description = "File, plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var output = new Option<string>("--out") { Description = "Folder for the model.", HelpName = "DIR", Required = true };
        var ranker = new Option<bool>("--ranker") { Description = "The trees that rank all sources' candidates too (ranker.onnx); takes about twice as long." };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[format, input, output, ranker, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(new TrainSessionEncoderOptions
        {
            Input = parsed.GetValue(input)!, Format = parsed.GetValue(format) == "clicks" ? NextItemFormat.Clicks : NextItemFormat.Sessions, OutputFolder = parsed.GetValue(output)!, Ranker = parsed.GetValue(ranker), Seed = parsed.GetValue(seed),
            Command = $"train session-encoder --format {parsed.GetValue(format)} --input {Path.GetFileName(parsed.GetValue(input))} {(parsed.GetValue(ranker) ? "--ranker " : "")}--seed {parsed.GetValue(seed)} --out {parsed.GetValue(output)}",
        }, parsed.GetValue(json), parsed.InvocationConfiguration, cancellation)));
        return command;
    }

    private static Task<int> RunAsync(TrainSessionEncoderOptions options, bool json, InvocationConfiguration console, CancellationToken cancellation) =>
        TrainingWork.RunAsync("session-encoder", options.Validate(), console, progress => TrainSessionEncoderCommand.Run(options, console.Error.WriteLine, progress, cancellation), result =>
        {
            console.Error.WriteLine($"{result.Model} {result.Version} in {result.Folder}: {string.Join(", ", result.Metrics.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.####}")))}");
            if (result.Metrics["positions"] == 0) console.Error.WriteLine("too few sessions to hold any out, or one that is longer than the share held out: nothing was measured");
            if (result.Metrics.TryGetValue("ranker.trees", out var trees) && trees == 0) console.Error.WriteLine("too few sessions for a ranker: ranker.onnx was not written");
            if (json) console.Output.WriteLine(ResultLine.Of(w => TrainCli.Write(w, result)));
        }, cancellation);
}
