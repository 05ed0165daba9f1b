using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Streaming.Training;
using Streaming.Training.NextItem;

namespace Streaming.Host.Cli;

/// <summary><c>evaluate next-item</c>.</summary>
internal static class EvaluateNextItemCli
{
    private const string Example = "streaming evaluate next-item --train train-sessions.txt.gz --test test-prefix-target.tsv.gz --json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("next-item", "P@20 and MRR@20 of the next item of a session, over all train items, beside popular, session, item and session-neighbour baselines.", Example);
        var train = new Option<string>("--train") { Description = "Train sessions, plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var test = new Option<string>("--test") { Description = "Test rows, plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var format = new Option<string>("--format") { Description = "sessions (train: a session a line; test: prefix TAB target) or clicks (SessionId, ItemId, Time with tabs).", HelpName = "sessions|clicks", DefaultValueFactory = _ => "sessions" };
        format.AcceptOnlyFromAmong("sessions", "clicks");
        var shuffle = new Option<bool>("--shuffle") { Description = "Answers the test rows in another order, which must change nothing." };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[train, test, format, shuffle, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var options = new NextItemOptions
            {
                Train = parsed.GetValue(train)!, Test = parsed.GetValue(test)!, Format = parsed.GetValue(format) == "clicks" ? NextItemFormat.Clicks : NextItemFormat.Sessions,
                Shuffle = parsed.GetValue(shuffle), Seed = parsed.GetValue(seed),
            };
            if (options.Validate().ToArray() is { Length: > 0 } wrong)
            {
                foreach (var error in wrong) await parsed.InvocationConfiguration.Error.WriteLineAsync(error);
                return ExitCode.Usage;
            }

            return await RunAsync(options, parsed.GetValue(json), parsed.InvocationConfiguration, cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(NextItemOptions options, bool isJson, InvocationConfiguration console, CancellationToken cancellation)
    {
        var line = ProgressLine.On(console.Error);
        var (clock, stage) = (System.Diagnostics.Stopwatch.StartNew(), "");
        try
        {
            // Time left is that of the stage at hand: each has a clock and a line of its own.
            var progress = new Inline<TrainProgress>(p =>
            {
                if (p.Phase != stage)
                {
                    line.Close();
                    (stage, clock, line) = (p.Phase, System.Diagnostics.Stopwatch.StartNew(), ProgressLine.On(console.Error));
                }

                line.Show($"next-item, {p.Phase}", clock.Elapsed.TotalSeconds, p.Share);
            });
            var result = await Task.Run(() => NextItemEvaluation.Run(options, row => line.Say(row), progress, cancellation), cancellation);
            line.Close();
            Print(console.Error, result);
            if (isJson) await console.Output.WriteLineAsync(JsonSerializer.Serialize(result, EvaluateJson.Default.NextItemResult));
            return ExitCode.Done;
        }
        catch (InvalidDataException e)
        {
            line.Say(e.Message);
            return ExitCode.Failed;
        }
    }

    private static void Print(TextWriter error, NextItemResult result)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("", "P@20", "95 %", "MRR@20", "95 %", "P@20 repeat", "P@20 new", "MRR@20 new", "hybrid ahead (P@20)");
        table.AddRow(Row("hybrid", result, ""));
        foreach (var (name, b) in result.Baselines) table.AddRow(Row(name, b, $"{Text(b.GainLow)} – {Text(b.GainHigh)}"));
        var console = EvaluateConsole.On(error);
        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Positions} positions ({result.PositionsRepeat} repeats, {result.OutsideTrain} outside train) of {result.Sessions} sessions, {result.Items} items"));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"trained in {result.TrainSeconds:0} s, {result.PeakRssMiB:0} MiB at most; an answer {result.P50Ms:0.00} ms, p99 {result.P99Ms:0.00} ms"));
    }

    private static string[] Row(string name, NextItemScores scores, string ahead) =>
        [name, Text(scores.P20), $"{Text(scores.Low)} – {Text(scores.High)}", Text(scores.Mrr20), $"{Text(scores.Mrr20Low)} – {Text(scores.Mrr20High)}", Text(scores.P20Repeat), Text(scores.P20New), Text(scores.Mrr20New), ahead];

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
