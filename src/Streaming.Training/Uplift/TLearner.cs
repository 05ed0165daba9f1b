namespace Streaming.Training.Uplift;

/// <summary>Baseline: two boosted models, one of the treated and one of the others; the score is the difference of what they expect, pooled like the model's own.</summary>
internal static class TLearner
{
    /// <summary>Scores of the tested rows.</summary>
    /// <param name="trial">All rows.</param>
    /// <param name="folds">Who is scored by models of whom.</param>
    /// <param name="fitRows">Rows, the first, that models may be fitted on.</param>
    public static double[] Score(Trial trial, UpliftFolds folds, int fitRows)
    {
        var matrix = new TrialMatrix(trial.Features, trial.Rows, fitRows);
        var scores = new double[trial.Rows];
        Array.Fill(scores, double.NaN);
        foreach (var test in folds.Tests)
        {
            var training = folds.TrainingOf(test);
            int[] rows = [.. Enumerable.Range(0, trial.Rows).Where(r => training.Contains(folds.FoldOf[r]))];
            var treated = new OutcomeTrees(matrix, [.. rows.Where(r => trial.Treated[r])], trial.Outcome, trial.IsBinary);
            var control = new OutcomeTrees(matrix, [.. rows.Where(r => !trial.Treated[r])], trial.Outcome, trial.IsBinary);
            double Effect(int row) => treated.Predict(matrix.Row(row)) - control.Predict(matrix.Row(row));
            var priorities = new Priorities(rows.Select(Effect));
            foreach (var row in folds.Rows(test)) scores[row] = priorities.Of(Effect(row));
        }

        return scores;
    }
}
