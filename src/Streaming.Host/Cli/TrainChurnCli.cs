using System.CommandLine;
using System.Globalization;
using Streaming.Training;
using Streaming.Training.Churn;

namespace Streaming.Host.Cli;

/// <summary><c>train churn</c>: a model of the week's purchase hazard from a shop's purchases.</summary>
internal static class TrainChurnCli
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("churn", "Trains the hazard of a purchase within a week (model.onnx and manifest.json).", "streaming train churn --format online-retail --input online-retail.csv.gz --out models/churn --json");
        var format = new Option<string>("--format") { Description = $"Form of the purchases: {string.Join(", ", PurchaseFormats.Names)}.", HelpName = "F", Required = true };
        format.AcceptOnlyFromAmong([.. PurchaseFormats.Names]);
        var input = new Option<string>("--input") { Description = "File, plain or .gz; - is standard input.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "Folder for the model.", HelpName = "DIR", Required = true };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[format, input, output, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var line = ProgressLine.On(console.Error);
            var (form, file) = (parsed.GetValue(format)!, parsed.GetValue(input)!);
            var typed = $"train churn --format {form} --input {Path.GetFileName(file)} --seed {parsed.GetValue(seed)} --out {parsed.GetValue(output)}";
            try
            {
                var history = PurchaseFile.Read(PurchaseFormats.Parse(form), file);
                foreach (var bad in history.BadRows) line.Say(bad);
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var progress = new Inline<TrainProgress>(p => line.Show(p.Phase, clock.Elapsed.TotalSeconds, p.Share));
                var result = await TrainChurnCommand.RunAsync(new TrainChurnOptions { History = history, OutputFolder = parsed.GetValue(output)!, Seed = parsed.GetValue(seed), Command = typed }, progress, cancellation);
                line.Say($"{result.Model} {result.Version} in {result.Folder}: {string.Join(", ", result.Metrics.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.####}")))}");
                if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => TrainCli.Write(w, result)));
                return ExitCode.Done;
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                line.Say(e.Message);
                return ExitCode.Failed;
            }
        }));
        return command;
    }
}
