using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Streaming.Training.Sentiment;

namespace Streaming.Host.Cli;

/// <summary><c>evaluate sentiment</c>: whether a review recommends, by its text.</summary>
internal static class EvaluateSentimentCli
{
    private const string Example = "streaming evaluate sentiment --fit reviews.csv.gz --test later-reviews.csv.gz --format reviews --json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("sentiment", "Whether a review is positive, learned from the words and characters of reviews with answers: AUROC, accuracy and milliseconds a text, beside majority, naive Bayes and a simple logistic regression. Stars are never read.", Example);
        var fit = new Option<string>("--fit") { Description = "Reviews with answers to learn from, plain or .gz; - is standard input.", HelpName = "F", Required = true };
        var test = new Option<string?>("--test") { Description = "Reviews with answers to score; not opened before the model stands. Without it each fold of --fit is scored by a model of the others.", HelpName = "F" };
        var format = new Option<string>("--format") { Description = "reviews: comma-separated with a header, columns Review Text, Recommended IND (0 or 1) and, where there is one, Title. reviews-zh: 0 or 1, a tab, a Chinese text.", HelpName = "F", Required = true };
        format.AcceptOnlyFromAmong([.. ReviewFormats.Names]);
        var folds = new Option<int>("--folds") { Description = "Folds, 3 to 20.", DefaultValueFactory = _ => 5 };
        var save = new Option<string?>("--out") { Description = "File to write the model of all of --fit to.", HelpName = "FILE" };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[fit, test, format, folds, save, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () => RunAsync(new SentimentOptions
        {
            Fit = parsed.GetValue(fit)!, Test = parsed.GetValue(test), Format = ReviewFormats.Parse(parsed.GetValue(format)!), Folds = parsed.GetValue(folds), Out = parsed.GetValue(save), Seed = parsed.GetValue(seed),
        }, parsed.GetValue(json), parsed.InvocationConfiguration, cancellation)));
        return command;
    }

    private static Task<int> RunAsync(SentimentOptions options, bool json, InvocationConfiguration console, CancellationToken cancellation) =>
        TrainingWork.RunAsync("sentiment", options.Validate(), console, progress => SentimentEvaluation.Run(options, progress, cancellation), result =>
        {
            Print(console.Error, result);
            if (json) console.Output.WriteLine(JsonSerializer.Serialize(result, EvaluateJson.Default.SentimentResult));
        }, cancellation);

    private static void Print(TextWriter error, SentimentResult result)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("", "AUROC", "95 %", "accuracy", "95 %", "AUROC ahead, 95 %", "accuracy ahead, 95 %");
        table.AddRow("model", Text(result.Auroc), Range(result.AurocLow, result.AurocHigh), Text(result.Accuracy), Range(result.AccuracyLow, result.AccuracyHigh), "", "");
        foreach (var (name, b) in result.Baselines) table.AddRow(name, Text(b.Auroc), "", Text(b.Accuracy), "", Range(b.AurocGainLow, b.AurocGainHigh), Range(b.AccuracyGainLow, b.AccuracyGainHigh));
        var console = EvaluateConsole.On(error);
        console.Write(table);
        string[] lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"{result.Texts} reviews scored, {result.BaseRate:0.0000} positive; {result.EmptyTexts} empty, {result.CutTexts} cut at {result.MaxTextLength} characters, {result.TextsAlsoLearned} also learned from; {result.BadRows} bad rows"),
            $"log-loss {Text(result.LogLoss)} ({Range(result.LogLossLow, result.LogLossHigh)}); calibration error {Text(result.Ece)}, chance alone up to {Text(result.EceNoise95)}",
            $"ms a text {Text(result.MsPerText)} ({Range(result.MsPerTextLow, result.MsPerTextHigh)})",
            string.Create(CultureInfo.InvariantCulture, $"learned from {result.FitTexts} reviews in {result.FitSeconds:0} s; cost {string.Join(", ", result.Costs)}; n-grams known {string.Join(", ", result.NGramsKnown)}"),
            .. result.BadRowsNamed,
        ];
        foreach (var text in lines) console.WriteLine(text);
    }

    private static string Range(double low, double high) => $"{Text(low)} – {Text(high)}";

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
