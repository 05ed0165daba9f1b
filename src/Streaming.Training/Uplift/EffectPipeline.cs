namespace Streaming.Training.Uplift;

/// <summary>
/// The whole way from treatments and outcomes to expected effects, cheap enough to be gone again for every permutation: all learners are regressions in closed form on sums.
/// For each tested fold, of its training folds alone: 1. expected outcomes, each fold by the others; 2. doubly robust outcomes ψ = (t − e)(y − m(x)) / (e(1 − e)) (Kennedy, "Towards optimal doubly robust estimation of heterogeneous causal
/// effects", 2023; e is the trial's share, so that E[ψ|x] is the effect whatever m is); 3. every learner, and the constant, measured by leaving a training fold out; 4. the best of them, fitted on all training folds and shrunk toward the
/// constant by the slope that the left-out folds show; 5. scores of the tested fold.
/// </summary>
internal sealed class EffectPipeline
{
    private readonly UpliftDesign _design;
    private readonly DesignRows _rows;
    private readonly UpliftFolds _folds;
    private readonly int[][] _rowsOf;
    private readonly double[][] _grams;
    private readonly IReadOnlyList<EffectLearner> _learners;

    /// <summary>Prepares what no treatment changes.</summary>
    public EffectPipeline(UpliftDesign design, DesignRows rows, UpliftFolds folds)
    {
        (_design, _rows, _folds) = (design, rows, folds);
        _learners = EffectLearner.Of(design);
        _rowsOf = [.. Enumerable.Range(0, folds.Count).Select(folds.Rows)];
        _grams = [.. _rowsOf.Select(some =>
        {
            var gram = new double[design.Width * design.Width];
            rows.AddGram(gram, some);
            return gram;
        })];
    }

    /// <summary>Goes the whole way.</summary>
    public EffectRun Run(bool[] treated, double[] outcome)
    {
        var (scores, pseudo) = (new double[outcome.Length], new double[outcome.Length]);
        Array.Fill(scores, double.NaN);
        Array.Fill(pseudo, double.NaN);
        var models = new List<(string Name, double[] Coefficients)>();
        var arms = Arms(treated, outcome);
        foreach (var test in _folds.Tests)
        {
            var training = _folds.TrainingOf(test);
            var sums = Pseudo(training, arms, treated, outcome); // 1, 2
            var (model, name) = Choose(sums); // 3, 4
            models.Add((name, model));
            var expected = Expected(training, arms);
            var (share, effect) = (arms.Share(training), arms.Effect(training));
            foreach (var row in _rowsOf[test]) // 5
            {
                scores[row] = _rows.Dot(row, model);
                pseudo[row] = Pseudo(row, expected, share, effect, treated, outcome);
            }
        }

        return Summarise(scores, pseudo, models);
    }

    /// <summary>Scores of a run on one scale (see <see cref="Uplift.Priorities"/>); NaN for rows that are not scored.</summary>
    public double[] Priorities(EffectRun run)
    {
        var result = new double[_rows.Rows];
        Array.Fill(result, double.NaN);
        for (var t = 0; t < _folds.Tests.Length; t++)
        {
            var priorities = new Priorities(_folds.TrainingOf(_folds.Tests[t]).SelectMany(f => _rowsOf[f]).Select(r => _rows.Dot(r, run.Models[t].Coefficients)));
            foreach (var row in _rowsOf[_folds.Tests[t]]) result[row] = priorities.Of(run.Scores[row]);
        }

        return result;
    }

    /// <summary>Outcome that a regression of the customers left alone expects of each row.</summary>
    public double[] ExpectedUntreated(bool[] treated, double[] outcome)
    {
        var model = GroupRidge.FitPlain(Moments.Sum(Arms(treated, outcome).Control), _design.All, _design.GroupOf);
        return [.. Enumerable.Range(0, outcome.Length).Select(r => _rows.Dot(r, model))];
    }

    private ArmSums Arms(bool[] treated, double[] outcome)
    {
        var result = new ArmSums(_folds.Count, _design.Width);
        for (var f = 0; f < _folds.Count; f++)
        {
            _rows.AddGram(result.Treated[f].Gram, _rowsOf[f].Where(r => treated[r]));
            foreach (var row in _rowsOf[f])
            {
                var arm = treated[row] ? result.Treated[f] : result.Control[f];
                _rows.AddTo(arm.Cross, row, outcome[row]);
                arm.Square += outcome[row] * outcome[row];
            }

            for (var i = 0; i < _grams[f].Length; i++) result.Control[f].Gram[i] = _grams[f][i] - result.Treated[f].Gram[i];
        }

        return result;
    }

    /// <summary>Expected outcome less the mean effect's part of it, from some folds; the effect of the treatment on the mean is taken out by the trial's share.</summary>
    private double[] Expected(int[] folds, ArmSums arms)
    {
        var (share, effect) = (arms.Share(folds), arms.Effect(folds));
        var sum = new Moments(new double[_design.Width * _design.Width]);
        foreach (var f in folds)
        {
            for (var i = 0; i < sum.Gram.Length; i++) sum.Gram[i] += _grams[f][i];
            for (var i = 0; i < sum.Cross.Length; i++)
                sum.Cross[i] += arms.Treated[f].Cross[i] + arms.Control[f].Cross[i] - (effect * (arms.Treated[f].Gram[i] - (share * _grams[f][i])));
        }

        return GroupRidge.FitPlain(sum, _design.All, _design.GroupOf);
    }

    private TrainingSums[] Pseudo(int[] training, ArmSums arms, bool[] treated, double[] outcome)
    {
        var (share, effect) = (arms.Share(training), arms.Effect(training));
        return [.. training.Select(f =>
        {
            var expected = Expected([.. training.Where(other => other != f)], arms);
            var sums = new Moments(_grams[f]);
            foreach (var row in _rowsOf[f])
            {
                var value = Pseudo(row, expected, share, effect, treated, outcome);
                _rows.AddTo(sums.Cross, row, value);
                sums.Square += value * value;
            }

            return new TrainingSums(sums, arms.Treated[f], arms.Control[f], share);
        })];
    }

    private double Pseudo(int row, double[] expected, double share, double effect, bool[] treated, double[] outcome)
    {
        var residual = outcome[row] - _rows.Dot(row, expected) - ((1 - (2 * share)) * effect);
        // Outcomes that are all the same leave rounding, which is no outcome to learn from.
        if (Math.Abs(residual) < 1e-9 * Math.Abs(outcome[row])) return 0;
        return treated[row] ? residual / share : -residual / (1 - share);
    }

    private (double[] Model, string Name) Choose(TrainingSums[] sums)
    {
        var all = TrainingSums.Of(sums);
        TrainingSums[] others = [.. sums.Select((_, j) => TrainingSums.Of([.. sums.Where((_, i) => i != j)]))];
        var best = (Gain: 0.0, Slope: 0.0, Learner: (EffectLearner?)null);
        foreach (var learner in _learners)
        {
            var measured = LeftOut(sums, others, learner);
            var slope = measured.Variance > 0 ? Math.Clamp(measured.Covariance / measured.Variance, 0, 1) : 0;
            var gain = (2 * slope * measured.Covariance) - (slope * slope * measured.Variance);
            if (gain > best.Gain + (1e-12 * all.Pseudo.Square)) best = (gain, slope, learner);
        }

        var mean = all.Pseudo.Cross[0] / all.Pseudo.Rows;
        var model = new double[_design.Width];
        model[0] = mean;
        if (best.Learner is null) return (model, EffectLearner.Constant);
        var fitted = best.Learner.Fit(all);
        var centre = all.Pseudo.Times(fitted)[0] / all.Pseudo.Rows;
        for (var i = 0; i < model.Length; i++) model[i] = best.Slope * fitted[i];
        model[0] += mean - (best.Slope * centre);
        return (model, best.Learner.Name);
    }

    /// <summary>Each fold by a model of the others: sums of (score − its mean)(ψ − its mean) and of (score − its mean)², means by fold.</summary>
    private static (double Covariance, double Variance) LeftOut(TrainingSums[] sums, TrainingSums[] others, EffectLearner learner)
    {
        double covariance = 0, variance = 0;
        for (var j = 0; j < sums.Length; j++)
        {
            var here = sums[j].Pseudo;
            if (here.Rows == 0) continue;
            var model = learner.Fit(others[j]);
            var fitted = here.Times(model);
            double along = 0, own = 0;
            for (var i = 0; i < model.Length; i++)
            {
                along += model[i] * here.Cross[i];
                own += model[i] * fitted[i];
            }

            covariance += along - (fitted[0] * here.Cross[0] / here.Rows);
            variance += own - (fitted[0] * fitted[0] / here.Rows);
        }

        return (covariance, variance);
    }

    private EffectRun Summarise(double[] scores, double[] pseudo, List<(string Name, double[] Coefficients)> models)
    {
        double covariance = 0, variance = 0, noise = 0;
        long rows = 0;
        foreach (var test in _folds.Tests)
        {
            var some = _rowsOf[test];
            if (some.Length == 0) continue;
            var (score, outcome) = (some.Average(r => scores[r]), some.Average(r => pseudo[r]));
            foreach (var row in some)
            {
                var (s, p) = (scores[row] - score, pseudo[row] - outcome);
                covariance += s * p;
                variance += s * s;
                noise += s * s * p * p;
                rows++;
            }
        }

        if (rows == 0) return new EffectRun(scores, pseudo, 0, double.NaN, 0, models);
        // Rounding alone leaves a constant model a variance of about 1e-30.
        if (!(variance > 1e-18 * rows * pseudo.Where(double.IsFinite).Average(p => p * p)) || !(noise > 0)) return new EffectRun(scores, pseudo, 0, double.NaN, 0, models);
        return new EffectRun(scores, pseudo, covariance / Math.Sqrt(noise), covariance / variance, Math.Max(0, covariance / Math.Sqrt(variance * rows)), models);
    }
}
