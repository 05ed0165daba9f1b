using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Streaming.Training.Policy;

namespace Streaming.Host.Cli;

/// <summary><c>evaluate policy</c>: what another policy would have earned, by a log of the present one.</summary>
internal static class EvaluatePolicyCli
{
    private const string Example = "streaming evaluate policy --log random.csv.gz --target bts.csv.gz --items items.csv.gz --json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("policy", "Clicks a row that the target's policy would have earned on the log's traffic, estimated from the log's rows alone, doubly robust and self-normalised, with 95 % intervals, beside plain inverse propensities and the log's own rate; and whether the log can answer that at all.", Example);
        var log = new Option<string>("--log") { Description = "Impressions of the logging policy, Open Bandit form: item_id,position,click,propensity_score and more; plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var target = new Option<string>("--target") { Description = "Impressions of the policy to be valued, same form. Its clicks are read last, and only to be compared with.", HelpName = "F", Required = true };
        var items = new Option<string>("--items") { Description = "item_id and features of every item, comma-separated with a header.", HelpName = "F", Required = true };
        var folds = new Option<int>("--folds") { Description = "Folds of the log; what is expected of a row comes of the others.", DefaultValueFactory = _ => new PolicyOptions { Log = "", Target = "", Items = "" }.Folds };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[log, target, items, folds, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(new PolicyOptions
        {
            Log = parsed.GetValue(log)!, Target = parsed.GetValue(target)!, Items = parsed.GetValue(items)!, Folds = parsed.GetValue(folds), Seed = parsed.GetValue(seed),
        }, parsed.GetValue(json), parsed.InvocationConfiguration, cancellation)));
        return command;
    }

    private static Task<int> RunAsync(PolicyOptions options, bool json, InvocationConfiguration console, CancellationToken cancellation) =>
        TrainingWork.RunAsync("policy", options.Validate(), console, progress => PolicyEvaluation.Run(options, progress, cancellation), result =>
        {
            Print(console.Error, result);
            if (json) console.Output.WriteLine(JsonSerializer.Serialize(result, EvaluateJson.Default.PolicyResult));
        }, cancellation);

    private static void Print(TextWriter error, PolicyResult result)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("clicks a row", "estimate", "95 %", "s.e.", "covers the target's own");
        foreach (var (name, e) in result.Estimates.Concat(result.Baselines)) table.AddRow(name, Text(e.Estimate), $"{Text(e.Low)} – {Text(e.High)}", Text(e.Se), e.Covers switch { true => "yes", false => "no", null => "" });
        table.AddRow("the target's own", Text(result.OnPolicy), $"{Text(result.OnPolicyLow)} – {Text(result.OnPolicyHigh)}", "", "");
        var console = EvaluateConsole.On(error);
        console.Write(table);
        var penalties = string.Join(", ", result.Penalties.Select(p => p?.ToString(CultureInfo.InvariantCulture) ?? "one rate for all"));
        var lines = new List<string>
        {
            $"log: {result.LogRows} rows, {result.LogClicks} clicks; target: {result.TargetRows} rows, {result.OnPolicyClicks} clicks of {result.OnPolicyRows}; {result.Items} items at positions {string.Join(", ", result.Positions)}; {result.BadRows} bad rows",
            string.Create(CultureInfo.InvariantCulture, $"the log is worth {result.EffectiveRows:0} rows and {result.EffectiveClicks:0.0} clicks of the target's own; largest weight {result.LargestWeight:0.00}, mean {result.MeanWeight:0.000} (s.e. {result.MeanWeightSe:0.000})"),
            string.Create(CultureInfo.InvariantCulture, $"never shown by the log at that position: {result.WithoutSupport:0.00%} of the target's traffic; of no weight: {result.WithoutWeight:0.00%} of the log's rows"),
            string.Create(CultureInfo.InvariantCulture, $"penalty of the reward model by fold: {penalties}; log-loss a row ahead of one rate for all by {result.RewardGain:0.0000000}"),
            $"verdict: {result.Verdict}",
        };
        lines.AddRange(result.BadRowsNamed);
        foreach (var text in lines) console.WriteLine(text);
    }

    private static string Text(double value) => value.ToString("0.00000", CultureInfo.InvariantCulture);
}
