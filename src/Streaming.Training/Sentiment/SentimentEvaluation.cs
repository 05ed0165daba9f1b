using System.Diagnostics;
using Streaming.Training.Churn;
using Streaming.Training.Uplift;

namespace Streaming.Training.Sentiment;

/// <summary>
/// <c>evaluate sentiment</c>. 1. The fit file is read. 2. A model and its baselines are learned from it, choices and calibration included. 3. Only then is the test file opened, and each of its reviews scored. Without a test file 2 and 3 are done
/// for each fold of the fit file, learned from the others. 4. Figures with draws of reviews.
/// </summary>
public static class SentimentEvaluation
{
    private const int FoldSalt = 7919; // the folds that are scored are not those that choices are made on

    /// <summary>Runs the evaluation.</summary>
    /// <param name="options">Already validated.</param>
    /// <param name="progress">Stage, and share of it done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">A file is not of its form, or its answers are all the same.</exception>
    public static SentimentResult Run(SentimentOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var fit = ReviewSet.Read(options.Format, options.Fit); // 1
        var run = new SentimentRun(options, progress, cancellation);
        byte[]? model = null;
        ReviewSet? test = null;
        if (options.Test is not null || options.Out is not null)
        {
            var learned = run.Learn(fit, ""); // 2
            model = SentimentModelFile.Write(learned.Model);
            if (options.Out is { } path) File.WriteAllBytes(path, model);
            if (options.Test is not null)
            {
                run.FitSeconds = clock.Elapsed.TotalSeconds;
                run.Score(learned, fit, test = ReviewSet.Read(options.Format, options.Test)); // 3
            }
        }

        if (test is null) Folds(options, fit, run, clock);
        IReadOnlyList<string> named = test is null ? fit.Bad.Named : [.. fit.Bad.Named.Select(n => $"fit {n}"), .. test.Bad.Named.Select(n => $"test {n}")];
        return Summarise(options, run, progress, cancellation) with
        {
            FitTexts = fit.Reviews.Length, ModelHash = model is null ? null : ModelHash.Of(model), BadRows = fit.Bad.Count + (test?.Bad.Count ?? 0), BadRowsNamed = named,
        };
    }

    private static void Folds(SentimentOptions options, ReviewSet fit, SentimentRun run, Stopwatch clock)
    {
        var foldOf = ReviewFolds.Deal(fit, options.Folds, options.Seed + FoldSalt);
        for (var fold = 0; fold < options.Folds; fold++)
        {
            var others = fit.Where(r => foldOf[r] != fold);
            run.Score(run.Learn(others, $" {fold + 1} of {options.Folds}"), others, fit.Where(r => foldOf[r] == fold));
        }

        run.FitSeconds = clock.Elapsed.TotalSeconds;
    }

    private static SentimentResult Summarise(SentimentOptions options, SentimentRun run, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        bool[] labels = [.. run.Labels];
        var names = run.Scores.Keys.ToArray();
        var figures = new SentimentBootstrap(labels, options.Draws, options.Seed).Measure([.. run.Scores.Values.Select(s => s.ToArray())], s => progress?.Report(new TrainProgress("bootstrap", s)), cancellation); // 4
        var (own, draws) = (figures[0][0], figures[0].Skip(1).ToArray());
        var (auroc, accuracy, loss) = (DrawSummary.Of(draws.Select(d => d.Auroc)), DrawSummary.Of(draws.Select(d => d.Accuracy)), DrawSummary.Of(draws.Select(d => d.LogLoss)));
        var ece = new CalibrationError(run.Scores[SentimentRun.Model]);
        var (ms, msLow, msHigh) = run.Time.MsPerText(options.Seed);
        return new SentimentResult
        {
            Texts = labels.Length, BaseRate = labels.Count(l => l) / (double)labels.Length,
            Auroc = own.Auroc, AurocLow = auroc.Low, AurocHigh = auroc.High, Accuracy = own.Accuracy, AccuracyLow = accuracy.Low, AccuracyHigh = accuracy.High, LogLoss = own.LogLoss, LogLossLow = loss.Low, LogLossHigh = loss.High,
            Ece = ece.Of(labels), EceNoise95 = ece.Noise95(options.Draws, options.Seed), MsPerText = ms, MsPerTextLow = msLow, MsPerTextHigh = msHigh,
            Baselines = names.Select((n, i) => (n, i)).Skip(1).ToDictionary(m => m.n, m => Baseline(figures[0], figures[m.i]), StringComparer.Ordinal),
            FitTexts = 0, FitTextsLeftOut = run.LeftOut, Costs = run.Costs, NGramsKnown = run.NGramsKnown, EmptyTexts = run.EmptyTexts, CutTexts = run.CutTexts, MaxTextLength = ReviewText.MaxLength, TextsAlsoLearned = run.AlsoLearned,
            FitSeconds = run.FitSeconds, BadRows = 0, BadRowsNamed = [],
        };
    }

    private static SentimentBaseline Baseline(SentimentFigures[] model, SentimentFigures[] baseline)
    {
        var auroc = DrawSummary.Of(model.Zip(baseline, (m, b) => m.Auroc - b.Auroc).Skip(1));
        var accuracy = DrawSummary.Of(model.Zip(baseline, (m, b) => m.Accuracy - b.Accuracy).Skip(1));
        return new SentimentBaseline
        {
            Auroc = baseline[0].Auroc, Accuracy = baseline[0].Accuracy, AurocGain = model[0].Auroc - baseline[0].Auroc, AurocGainLow = auroc.Low, AurocGainHigh = auroc.High,
            AccuracyGain = model[0].Accuracy - baseline[0].Accuracy, AccuracyGainLow = accuracy.Low, AccuracyGainHigh = accuracy.High,
        };
    }
}
