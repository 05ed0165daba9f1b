using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Streaming.Training.Uplift;

namespace Streaming.Host.Cli;

/// <summary><c>evaluate uplift</c>: whom a treatment moves, by a past trial.</summary>
internal static class EvaluateUpliftCli
{
    private const string Example = "streaming evaluate uplift --fit trial.csv.gz --folds 5 --treatment \"Womens E-Mail\" --control \"No E-Mail\" --outcome visit --json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("uplift", "Whom a treatment moves, learnt from a past trial: Qini, uplift AUC and the effect in the best 30 %, beside a T-learner and each single column; and whether effects differ between customers at all, by permutation of the treatment through the whole pipeline.", Example);
        var fit = new Option<string>("--fit") { Description = "Trial, a customer a row: comma-separated with a header, plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var test = new Option<string?>("--test") { Description = "Another file of the same trial to score. Without it each fold of --fit is scored by a model of the others.", HelpName = "F" };
        var folds = new Option<int>("--folds") { Description = "Folds.", DefaultValueFactory = _ => 5 };
        var treatment = new Option<string>("--treatment") { Description = "An arm (\"Womens E-Mail\"; whole or its beginning, of the column treatment or of the one column that has it), a column (of 0 and 1, or of several arms with --control: all others together are compared with it), or COLUMN=ARM.", HelpName = "T", Required = true };
        var control = new Option<string?>("--control") { Description = "The arm that was left alone. Default: the only other one, or the one called 0, no …, none, control or the like.", HelpName = "C" };
        var outcome = new Option<string>("--outcome") { Description = "Column of the outcome, 0 and 1 or amounts.", HelpName = "O", Required = true };
        var exclude = new Option<string[]>("--exclude") { Description = "Columns that were not known before the treatment. The treatment, ids and columns called conversion, spend or visit are left out anyway.", HelpName = "COLUMN", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var permutations = new Option<int>("--permutations") { Description = "Permutations of the treatment, 200 or more.", DefaultValueFactory = _ => new UpliftOptions { Fit = "", Treatment = "", Outcome = "" }.Permutations };
        var simulate = new Option<int>("--simulate") { Description = "Afterwards, so many trials with one effect for all are made of these customers, to count false alarms.", DefaultValueFactory = _ => 0 };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[fit, test, folds, treatment, control, outcome, exclude, permutations, simulate, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(new UpliftOptions
        {
            Fit = parsed.GetValue(fit)!, Test = parsed.GetValue(test), Folds = parsed.GetValue(folds), Treatment = parsed.GetValue(treatment)!, Control = parsed.GetValue(control), Outcome = parsed.GetValue(outcome)!,
            Exclude = parsed.GetValue(exclude)!, Permutations = parsed.GetValue(permutations), Simulations = parsed.GetValue(simulate), Seed = parsed.GetValue(seed),
        }, parsed.GetValue(json), parsed.InvocationConfiguration, cancellation)));
        return command;
    }

    private static Task<int> RunAsync(UpliftOptions options, bool json, InvocationConfiguration console, CancellationToken cancellation) =>
        TrainingWork.RunAsync("uplift", options.Validate(), console, progress => UpliftEvaluation.Run(options, progress, cancellation), result =>
        {
            Print(console.Error, result);
            if (json) console.Output.WriteLine(JsonSerializer.Serialize(result, EvaluateJson.Default.UpliftResult));
        }, cancellation);

    /// <summary>The result for people.</summary>
    internal static void Print(TextWriter error, UpliftResult result)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("", "Qini", "s.e.", "uplift AUC", "best 30 %", "Qini ahead, 95 %");
        table.AddRow("model", Text(result.Qini), Text(result.QiniSe), Text(result.UpliftAuc), Text(result.Top30), "");
        foreach (var (name, b) in result.Baselines) table.AddRow(Markup.Escape(name), Text(b.Qini), Text(b.QiniSe), Text(b.UpliftAuc), Text(b.Top30), $"{Text(b.QiniGainLow)} – {Text(b.QiniGainHigh)}");
        var console = EvaluateConsole.On(error);
        console.Write(table);
        var lines = new List<string>
        {
            $"{result.Arms}; {result.Customers} customers, {result.OtherArms} of other arms, {result.BadRows} bad rows",
            $"not features: {string.Join(", ", result.LeftOut)}",
            $"effect {Text(result.Effect)}, standard error {Text(result.EffectSe)}; learners {string.Join(", ", result.Learners)}",
            $"verdict: {result.Verdict}; p {Text(result.P)} by {result.Permutations} permutations, at level {Text(result.Level)}",
            $"smallest spread (standard deviation of effects between customers) that would have been found four times in five: {Text(result.SmallestSpread)}; the scores explain {Text(result.Spread)}",
        };
        if (result.FalseAlarms is { } alarms) lines.Add($"false alarms on trials simulated with one effect for all: {Text(alarms)}");
        lines.AddRange(result.BadRowsNamed);
        foreach (var text in lines) console.WriteLine(text);
    }

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
