using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Host.Engine;

namespace Streaming.Host.Cli;

/// <summary><c>bench score</c>.</summary>
internal static class BenchScoreCli
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("score", "Stage Score with several callers beside the bare model: InferenceSession.Run over the same rows, batch size and session settings, buffers bound once. On the processor.",
            "streaming bench score --rows 2000000 --batch 800 --json");
        var model = new Option<string>("--model") { Description = "Folder of the ranker (default: the one that comes with the program).", HelpName = "DIR", DefaultValueFactory = _ => ShippedModel.Folder };
        var rows = new Option<long>("--rows") { Description = "Rows to score.", HelpName = "N", DefaultValueFactory = _ => 2_000_000 };
        var batch = new Option<int>("--batch") { Description = "Most rows of one model run.", HelpName = "B", DefaultValueFactory = _ => 800 };
        var callers = new Option<int>("--callers") { Description = "Callers at the same time, as a node has shards.", HelpName = "N", DefaultValueFactory = _ => 8 };
        var requestRows = new Option<int>("--request-rows") { Description = "Rows of one request; 200 are one user, a busy shard asks for up to 32 at once.", HelpName = "N", DefaultValueFactory = _ => 200 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[model, rows, batch, callers, requestRows, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var options = new ScoreBenchOptions
            {
                ModelFolder = parsed.GetValue(model)!, Rows = parsed.GetValue(rows), BatchRows = parsed.GetValue(batch), Callers = parsed.GetValue(callers), RequestRows = parsed.GetValue(requestRows), Seed = parsed.GetValue(seed),
            };
            if (Wrong(options) is { } wrong)
            {
                await console.Error.WriteLineAsync(wrong);
                return ExitCode.Usage;
            }

            var result = await new ScoreBench(options).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Rows} rows of {result.Model} by {options.Callers} callers of {options.RequestRows} rows: {result.RowsPerSecond:N0}/s, bare model {result.BareRowsPerSecond:N0}/s: {result.Ratio:P0} of it. Runs of {result.MeanBatchRows:0} rows (at most {result.BatchRows}); a request p50 {result.Request.P50:0.000} ms, p99 {result.Request.P99:0.000} ms."));
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.RunShare:P0} of the stage's time is within model runs, {result.RunMicrosecondsPerRow:0.000} µs a row; filling a row's features costs a shard {result.FillMicrosecondsPerRow:0.000} µs, {result.FillShare:P0} of both."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string? Wrong(ScoreBenchOptions options) =>
        !Directory.Exists(options.ModelFolder) ? $"--model: there is no folder {options.ModelFolder}."
        : options.Rows < 1 || options.Callers is < 1 or > 1_000 || options.RequestRows is < 1 or > 100_000 ? "--rows must be 1 or more, --callers 1 to 1,000, --request-rows 1 to 100,000."
        : options.BatchRows is < 1 or > 1_048_576 ? "--batch must be 1 to 1,048,576."
        : null;

    private static void Write(Utf8JsonWriter json, ScoreBenchResult result)
    {
        json.WriteStartObject();
        json.WriteString("model", result.Model);
        json.WriteNumber("rows", result.Rows);
        json.WriteNumber("batchRows", result.BatchRows);
        json.WriteNumber("rowsPerSecond", Math.Round(result.RowsPerSecond));
        json.WriteNumber("bareRowsPerSecond", Math.Round(result.BareRowsPerSecond));
        json.WriteNumber("ratio", Math.Round(result.Ratio, 3));
        json.WriteNumber("p50Ms", Math.Round(result.Request.P50, 4));
        json.WriteNumber("p99Ms", Math.Round(result.Request.P99, 4));
        json.WriteNumber("meanBatchRows", Math.Round(result.MeanBatchRows, 1));
        json.WriteNumber("runShare", Math.Round(result.RunShare, 3));
        json.WriteNumber("runMicrosecondsPerRow", Math.Round(result.RunMicrosecondsPerRow, 4));
        json.WriteNumber("fillMicrosecondsPerRow", Math.Round(result.FillMicrosecondsPerRow, 4));
        json.WriteNumber("fillShare", Math.Round(result.FillShare, 3));
        json.WriteEndObject();
    }
}
