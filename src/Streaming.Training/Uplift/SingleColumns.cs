namespace Streaming.Training.Uplift;

/// <summary>
/// Baseline: each column alone as the score. A number stands as it is, its direction by the sign of its covariance with the transformed outcome y (t − e) / (e (1 − e)) in the fold's training rows; a category is the mean
/// of that outcome there, drawn toward the mean of all by 100 rows, pooled like the model's own scores. So no customer's own outcome enters its score.
/// </summary>
internal static class SingleColumns
{
    private const double PriorRows = 100;

    /// <summary>Scores of the tested rows by one column.</summary>
    public static double[] Score(TrialFeature feature, Trial trial, UpliftFolds folds)
    {
        var scores = new double[trial.Rows];
        Array.Fill(scores, double.NaN);
        foreach (var test in folds.Tests)
        {
            var training = folds.TrainingOf(test);
            int[] rows = [.. Enumerable.Range(0, trial.Rows).Where(r => training.Contains(folds.FoldOf[r]))];
            var share = rows.Average(r => trial.Treated[r] ? 1.0 : 0);
            double Transformed(int row) => trial.Outcome[row] * (trial.Treated[row] ? 1 / share : -1 / (1 - share));
            var mean = rows.Average(Transformed);
            if (feature.Numbers is { } numbers)
            {
                int[] filled = [.. rows.Where(r => double.IsFinite(numbers[r]))];
                if (filled.Length == 0) continue;
                var centre = filled.Average(r => numbers[r]);
                var sign = filled.Sum(r => (numbers[r] - centre) * Transformed(r)) < 0 ? -1 : 1;
                foreach (var row in folds.Rows(test)) scores[row] = sign * (double.IsFinite(numbers[row]) ? numbers[row] : centre);
            }
            else
            {
                var means = rows.GroupBy(r => feature.Texts![r], StringComparer.Ordinal).ToDictionary(g => g.Key, g => (g.Sum(Transformed) + (PriorRows * mean)) / (g.Count() + PriorRows), StringComparer.Ordinal);
                var priorities = new Priorities(rows.Select(r => means[feature.Texts![r]]));
                foreach (var row in folds.Rows(test)) scores[row] = priorities.Of(means.GetValueOrDefault(feature.Texts![row], mean));
            }
        }

        return scores;
    }
}
