using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Training.Evaluate;

namespace Streaming.Host.Cli;

/// <summary><c>evaluate</c>: how good the engine is, measured as docs say.</summary>
internal static class EvaluateCli
{
    /// <summary>The command with its protocols.</summary>
    public static Command Create() => new ExampledCommand("evaluate", "Measures how good the engine's answers are.", "streaming evaluate next-basket --transactions online-retail.csv.gz --json")
    {
        EvaluateNextItemCli.Create(),
        NextBasket(),
        EvaluateChurnCli.Create(),
        EvaluateUpliftCli.Create(),
        EvaluatePolicyCli.Create(),
        EvaluateSentimentCli.Create(),
    };

    private static ExampledCommand NextBasket()
    {
        var command = new ExampledCommand("next-basket", "Recall@20 of each customer's next basket, test then train in strict time order, beside three baselines.", "streaming evaluate next-basket --transactions online-retail.csv.gz --json");
        var transactions = new Option<string>("--transactions") { Description = "Transactions of the form online-retail, plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[transactions, seed, json]) command.Options.Add(option);
        var settings = new SettingsOptions(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Fold", "ItemIndex", "Recall") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            var options = new NextBasketOptions
            {
                Transactions = parsed.GetValue(transactions)!, Seed = parsed.GetValue(seed), Fold = snapshot.Get<FoldOptions>(), Index = snapshot.Get<ItemIndexOptions>(), Recall = snapshot.Get<RecallOptions>(),
            };
            var line = ProgressLine.On(console.Error);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            try
            {
                var progress = new Inline<double>(share => line.Show("next-basket", clock.Elapsed.TotalSeconds, share));
                var result = await Task.Run(() => NextBasketEvaluation.Run(options, progress, cancellation), cancellation);
                line.Close();
                Print(console.Error, result);
                if (parsed.GetValue(json)) await console.Output.WriteLineAsync(JsonSerializer.Serialize(result, EvaluateJson.Default.NextBasketResult));
                return result.Error is null ? ExitCode.Done : ExitCode.Failed;
            }
            catch (InvalidDataException e)
            {
                line.Say(e.Message);
                return ExitCode.Failed;
            }
        }));
        return command;
    }

    private static void Print(TextWriter error, NextBasketResult result)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("", "recall@20", "95 %", "new items", "95 %");
        table.AddRow(Row("engine", result.Recall20, result.Recall20Low, result.Recall20High, result.Recall20New, result.Recall20NewLow, result.Recall20NewHigh));
        foreach (var (name, b) in result.Baselines) table.AddRow(Row(name, b.Recall20, b.Recall20Low, b.Recall20High, b.Recall20New, b.Recall20NewLow, b.Recall20NewHigh));
        var console = EvaluateConsole.On(error);
        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Baskets} baskets, {result.BasketsNew} with new items, {result.BadRows} bad rows"));
        if (result.Error is { } problem) console.WriteLine(problem);
    }

    private static string[] Row(string name, double all, double low, double high, double fresh, double freshLow, double freshHigh) =>
        [name, Text(all), $"{Text(low)} – {Text(high)}", Text(fresh), $"{Text(freshLow)} – {Text(freshHigh)}"];

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
