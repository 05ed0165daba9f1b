using System.CommandLine;
using Streaming.Training.Uplift;

namespace Streaming.Host.Cli;

/// <summary><c>train uplift</c>: a table of expected effects from a past trial.</summary>
internal static class TrainUpliftCli
{
    private const string Example = "streaming train uplift --fit trial.csv.gz --treatment \"Womens E-Mail\" --control \"No E-Mail\" --outcome visit --out models/uplift --json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("uplift", "Learns from a past trial whom a treatment moves (effects.json and manifest.json), after the evaluation that evaluate uplift does; where no difference between customers is detected the model is one effect for all.", Example);
        var fit = new Option<string>("--fit") { Description = "Trial, a customer a row: comma-separated with a header, plain or .gz; - is not taken, since it is read twice.", HelpName = "F", Required = true };
        var treatment = new Option<string>("--treatment") { Description = "An arm, a column, or COLUMN=ARM; as in evaluate uplift.", HelpName = "T", Required = true };
        var control = new Option<string?>("--control") { Description = "The arm that was left alone.", HelpName = "C" };
        var outcome = new Option<string>("--outcome") { Description = "Column of the outcome.", HelpName = "O", Required = true };
        var exclude = new Option<string[]>("--exclude") { Description = "Columns that were not known before the treatment.", HelpName = "COLUMN", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var output = new Option<string>("--out") { Description = "Folder for the model.", HelpName = "DIR", Required = true };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[fit, treatment, control, outcome, exclude, output, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(new TrainUpliftOptions
        {
            Trial = new UpliftOptions { Fit = parsed.GetValue(fit)!, Treatment = parsed.GetValue(treatment)!, Control = parsed.GetValue(control), Outcome = parsed.GetValue(outcome)!, Exclude = parsed.GetValue(exclude)!, Seed = parsed.GetValue(seed) },
            OutputFolder = parsed.GetValue(output)!,
            Command = $"train uplift --fit {Path.GetFileName(parsed.GetValue(fit))} --treatment \"{parsed.GetValue(treatment)}\" --outcome {parsed.GetValue(outcome)} --seed {parsed.GetValue(seed)} --out {parsed.GetValue(output)}",
        }, parsed.GetValue(json), parsed.InvocationConfiguration, cancellation)));
        return command;
    }

    private static Task<int> RunAsync(TrainUpliftOptions options, bool json, InvocationConfiguration console, CancellationToken cancellation) =>
        TrainingWork.RunAsync("uplift", Wrong(options), console, progress => TrainUpliftCommand.Run(options, progress, cancellation), done =>
        {
            var (result, evaluation) = done;
            EvaluateUpliftCli.Print(console.Error, evaluation);
            console.Error.WriteLine($"{result.Model} {result.Version} in {result.Folder}");
            if (json) console.Output.WriteLine(ResultLine.Of(w => TrainCli.Write(w, result)));
        }, cancellation);

    private static IEnumerable<string> Wrong(TrainUpliftOptions options) => options.Trial.Fit == "-" ? ["Fit must name a file: it is read twice."] : options.Validate();
}
