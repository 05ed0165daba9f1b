namespace Streaming.Training.Uplift;

/// <summary>
/// <c>evaluate uplift</c>. 1. The trial, or two, out of their files. 2. The pipeline scores each tested row by a model of others. 3. The treatment is permuted and the whole pipeline goes again; 4. and with planted differences, for the
/// smallest that would have been seen. 5. Baselines on the same rows and folds. 6. Figures with draws of customers.
/// </summary>
public static class UpliftEvaluation
{
    private const int PowerDraws = 60;

    /// <summary>Runs the evaluation.</summary>
    /// <param name="options">Already validated.</param>
    /// <param name="progress">Stage, and share of it done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">A file is not a trial, or too small a one.</exception>
    /// <exception cref="UnknownNameException">The treatment, control or outcome cannot be told.</exception>
    public static UpliftResult Run(UpliftOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default)
    {
        Action<double> Show(string stage) => share => progress?.Report(new TrainProgress(stage, share));
        var input = UpliftInput.Read(options); // 1
        var (trial, folds) = (input.Trial, input.Folds);
        var design = new UpliftDesign(input.FitFeatures);
        var rows = design.Encode(trial.Features, trial.Rows);
        EffectPipeline[] pipelines = [.. input.Redrawn.Prepend(folds).Select(f => new EffectPipeline(design, rows, f))];
        var pipeline = pipelines[0];
        var run = pipeline.Run(trial.Treated, trial.Outcome); // 2
        var test = new EffectTest(pipelines, trial, input.InTest, options.Seed);
        var draws = test.Null(options.Permutations, Show("permute"), cancellation); // 3
        var p = EffectTest.P(test.Observed(), draws);
        var spread = test.SmallestSpread(EffectTest.Critical(draws, input.Level), PowerDraws, Show("plant"), cancellation); // 4
        var methods = new List<(string Name, double[] Scores)> { ("", pipeline.Priorities(run)), ("tLearner", TLearner.Score(trial, folds, input.FitRows)) }; // 5
        methods.AddRange(trial.Features.Select(f => ($"column:{f.Name}", SingleColumns.Score(f, trial, folds))));
        int[] scored = [.. Enumerable.Range(0, trial.Rows).Where(r => folds.Tests.Contains(folds.FoldOf[r]))];
        bool[] treated = [.. scored.Select(r => trial.Treated[r])];
        double[] outcome = [.. scored.Select(r => trial.Outcome[r])];
        var figures = new UpliftBootstrap(treated, outcome, options.Draws, options.Seed).Measure([.. methods.Select(m => scored.Select(r => m.Scores[r]).ToArray())], Show("bootstrap"), cancellation); // 6
        double? alarms = options.Simulations == 0 ? null : FalseAlarms.Share(input, pipelines, options, Show("simulate"), cancellation);
        return Summarise(input, new Trial([], treated, outcome), run, figures, methods) with { P = p, Verdict = p <= input.Level ? UpliftResult.Differs : UpliftResult.NoDifference, Permutations = draws.Length, SmallestSpread = spread, FalseAlarms = alarms };
    }

    private static UpliftResult Summarise(UpliftInput input, Trial scored, EffectRun run, UpliftFigures[][] figures, List<(string Name, double[] Scores)> methods)
    {
        var (own, draws) = (figures[0][0], figures[0].Skip(1).ToArray());
        var (qini, uplift, top) = (DrawSummary.Of(draws.Select(d => d.Qini)), DrawSummary.Of(draws.Select(d => d.UpliftAuc)), DrawSummary.Of(draws.Select(d => d.Top30)));
        return new UpliftResult
        {
            Customers = scored.Rows, TreatedShare = scored.Share, Arms = input.Arms, Effect = EffectTest.MeanEffect(scored), EffectSe = StandardError(scored),
            Qini = own.Qini, QiniSe = qini.Se, QiniLow = qini.Low, QiniHigh = qini.High, UpliftAuc = own.UpliftAuc, UpliftAucSe = uplift.Se, Top30 = own.Top30, Top30Se = top.Se,
            Baselines = methods.Select((m, i) => (m.Name, i)).Skip(1).ToDictionary(m => m.Name, m => Baseline(figures[0], figures[m.i]), StringComparer.Ordinal),
            Verdict = "", Level = input.Level, P = double.NaN, Permutations = 0, SmallestSpread = double.NaN, Spread = run.Spread, Slope = run.Slope, Learners = [.. run.Models.Select(m => m.Name)],
            Features = [.. input.Trial.Features.Select(f => f.Name)], LeftOut = input.LeftOut, OtherArms = input.OtherArms, BadRows = input.BadRows, BadRowsNamed = input.BadRowsNamed,
        };
    }

    private static UpliftBaseline Baseline(UpliftFigures[] model, UpliftFigures[] baseline)
    {
        var se = DrawSummary.Of(baseline.Skip(1).Select(d => d.Qini)).Se;
        var gain = DrawSummary.Of(model.Zip(baseline, (m, b) => m.Qini - b.Qini).Skip(1));
        return new UpliftBaseline
        {
            Qini = baseline[0].Qini, QiniSe = se, UpliftAuc = baseline[0].UpliftAuc, Top30 = baseline[0].Top30,
            QiniGain = model[0].Qini - baseline[0].Qini, QiniGainSe = gain.Se, QiniGainLow = gain.Low, QiniGainHigh = gain.High,
        };
    }

    private static double StandardError(Trial trial)
    {
        double Part(bool arm)
        {
            double[] outcomes = [.. trial.Outcome.Where((_, i) => trial.Treated[i] == arm)];
            var mean = outcomes.Average();
            return outcomes.Sum(y => (y - mean) * (y - mean)) / Math.Max(1, outcomes.Length - 1) / outcomes.Length;
        }

        return Math.Sqrt(Part(true) + Part(false));
    }
}
