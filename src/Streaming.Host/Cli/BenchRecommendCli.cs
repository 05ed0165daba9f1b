using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Kafka;

namespace Streaming.Host.Cli;

/// <summary><c>bench recommend</c>.</summary>
internal static class BenchRecommendCli
{
    /// <summary>The command.</summary>
    public static ExampledCommand Create()
    {
        var command = new ExampledCommand("recommend", "Folds the events of a topic and makes a list for every user touched: full recall, the shipped ranker, exactly once; beside what it is made of, each measured alone.",
            "streaming bench recommend --kafka localhost:9092 --topic bench --json");
        var topic = new Option<string>("--topic") { Description = "Topic with the events, written before; all of it is worked.", HelpName = "T", Required = true };
        var batch = new Option<int>("--batch") { Description = "Most events of a batch.", HelpName = "N", DefaultValueFactory = _ => 500 };
        var items = new Option<int>("--items") { Description = "Items of the catalogue, each with a vector.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var sessions = new Option<int>("--sessions") { Description = "Closed sessions in the item index.", HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[topic, batch, items, sessions, seed, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaAloneOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Kafka") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            if (parsed.GetValue(batch) is < 1 or > 100_000 || parsed.GetValue(items) < 1 || parsed.GetValue(sessions) < 0)
            {
                await console.Error.WriteLineAsync("--batch must be 1 to 100000, --items 1 or more, --sessions 0 or more.");
                return ExitCode.Usage;
            }

            var options = new RecommendBenchOptions
            {
                Kafka = snapshot.Get<KafkaOptions>(), Topic = parsed.GetValue(topic)!, BatchEvents = parsed.GetValue(batch), Items = parsed.GetValue(items), Sessions = parsed.GetValue(sessions),
                Seed = (ulong)parsed.GetValue(seed),
            };
            var result = await new RecommendBench(options).RunAsync(console.Error.WriteLine, cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Events} events and {result.Lists} lists in {result.Seconds:0.00} s: {result.Events / result.Seconds:N0} events/s, {result.Lists / result.Seconds:N0} lists/s ({result.Degraded} degraded, {result.Late} late); the floors add up to {result.PredictedSeconds:0.00} s, {result.Ratio:P0} of their rate; model runs at {result.StageRatio:P0} of a bare session's."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, RecommendBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("events", result.Events);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 2));
        json.WriteNumber("eventsPerSecond", Math.Round(result.Events / result.Seconds));
        json.WriteNumber("recommendations", result.Lists);
        json.WriteNumber("recommendationsPerSecond", Math.Round(result.Lists / result.Seconds));
        json.WriteNumber("degraded", result.Degraded);
        json.WriteNumber("late", result.Late);
        json.WriteNumber("rowsScored", result.RowsScored);
        json.WriteNumber("batchRows", Math.Round(result.BatchRows));
        json.WriteNumber("stageRowsPerSecond", Math.Round(result.StageRowsPerSecond));
        json.WriteNumber("bareRowsPerSecond", Math.Round(result.BareRowsPerSecond));
        json.WriteNumber("stageRatio", Math.Round(result.StageRatio, 3));
        json.WriteNumber("foldSeconds", Math.Round(result.FoldSeconds, 2));
        json.WriteNumber("recallPerSecond", Math.Round(result.RecallPerSecond));
        json.WriteNumber("predictedSeconds", Math.Round(result.PredictedSeconds, 2));
        json.WriteNumber("ratio", Math.Round(result.Ratio, 3));
        json.WriteEndObject();
    }
}
