using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Streaming.Training.Churn;

namespace Streaming.Host.Cli;

/// <summary><c>evaluate churn</c>: how well the probabilities of no purchase hold on the window after a day.</summary>
internal static class EvaluateChurnCli
{
    private const string Example = "streaming evaluate churn --transactions online-retail.csv.gz --format online-retail --cut 2011-09-10 --horizon-days 90 --json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("churn", "P(no purchase within N days) of each customer, learned from what happened up to a day, held against what came after.", Example);
        var transactions = new Option<string>("--transactions") { Description = "Purchases, plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var format = new Option<string>("--format") { Description = $"Form of the purchases: {string.Join(", ", PurchaseFormats.Names)}.", HelpName = "F", Required = true };
        format.AcceptOnlyFromAmong([.. PurchaseFormats.Names]);
        var cut = new Option<string>("--cut") { Description = "Last day that the model knows, yyyy-MM-dd.", HelpName = "DATE", Required = true };
        var horizon = new Option<int>("--horizon-days") { Description = "Length of the window after it, 1 to 3,650 days.", HelpName = "N", Required = true };
        var alerts = new Option<bool>("--alerts") { Description = "Also what alerts at each risk would have met." };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[transactions, format, cut, horizon, alerts, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            if (!DateOnly.TryParseExact(parsed.GetValue(cut), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return await Wrong(console.Error, $"--cut '{parsed.GetValue(cut)}' is not a date of the form yyyy-MM-dd");
            var options = new ChurnEvaluationOptions
            {
                Transactions = parsed.GetValue(transactions)!, Format = PurchaseFormats.Parse(parsed.GetValue(format)!), Cut = day, HorizonDays = parsed.GetValue(horizon),
                Alerts = parsed.GetValue(alerts), Seed = parsed.GetValue(seed),
            };
            if (options.Validate().ToArray() is { Length: > 0 } errors) return await Wrong(console.Error, string.Join(Environment.NewLine, errors));
            var line = ProgressLine.On(console.Error);
            try
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var history = PurchaseFile.Read(options.Format, options.Transactions);
                foreach (var bad in history.BadRows) line.Say(bad);
                var progress = new Inline<double>(share => line.Show("churn", clock.Elapsed.TotalSeconds, share));
                var result = await Task.Run(() => ChurnEvaluation.Run(history, options, progress, cancellation), cancellation);
                line.Close();
                Print(console.Error, result);
                if (parsed.GetValue(json)) await console.Output.WriteLineAsync(JsonSerializer.Serialize(result, EvaluateJson.Default.ChurnResult));
                return ExitCode.Done;
            }
            catch (InvalidDataException e)
            {
                line.Say(e.Message);
                return ExitCode.Failed;
            }
        }));
        return command;
    }

    private static async Task<int> Wrong(TextWriter error, string message)
    {
        await error.WriteLineAsync(message);
        return ExitCode.Usage;
    }

    private static void Print(TextWriter error, ChurnResult result)
    {
        var console = EvaluateConsole.On(error);
        var table = new Table().Border(TableBorder.Minimal).AddColumns("buys again", "AUROC", "95 %", "log-loss", "95 %", "mean");
        table.AddRow(result.Model, Text(result.Auroc), $"{Text(result.AurocLow)} – {Text(result.AurocHigh)}", Text(result.LogLoss), $"{Text(result.LogLossLow)} – {Text(result.LogLossHigh)}", Text(result.MeanPredicted));
        foreach (var (name, b) in result.Baselines) table.AddRow(name, Text(b.Auroc), "", Text(b.LogLoss), "", Text(b.MeanPredicted));
        table.AddRow("ceiling (no result)", Text(result.CeilingAuroc), "", Text(result.CeilingLogLoss), "", "");
        console.Write(table);
        Say(console, $"{result.Customers} customers, {Text(result.BaseRate)} bought again; {result.CustomersWithoutScore} who never bought have no score; {result.BadRows} bad rows");
        Say(console, $"log-loss gained over {result.BestBaseline}, 90 %: {Text(result.LogLossGainLow)} – {Text(result.LogLossGainHigh)}");
        Say(console, $"calibration error {Text(result.Ece)} (chance alone: up to {Text(result.EceNoise95)}), in the large {Text(result.CalibrationInTheLarge)}, slope {Text(result.Slope)}");
        Say(console, $"{result.Model} speaks, chosen by {result.Rehearsals} earlier windows, calibrated to {result.CalibratedToDays} days");
        if (result.Value is { } v) Say(console, $"spend within its 80 % interval: {Text(v.Coverage80)} of customers; expected {Text(v.MeanExpected)}, spent {Text(v.MeanSpent)}; occasions {Text(v.ExpectedPurchases)}, {Text(v.Purchases)}");
        foreach (var a in result.Alerts ?? []) Say(console, $"alerts from risk {Text(a.Risk)}: {a.Alerts}, right {Text(a.Precision)}, found {Text(a.Recall)}");
        foreach (var note in result.Notes) console.WriteLine(note);
    }

    private static void Say(IAnsiConsole console, FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
