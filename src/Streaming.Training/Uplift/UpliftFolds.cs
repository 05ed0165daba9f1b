namespace Streaming.Training.Uplift;

/// <summary>Which rows are scored by models of which others. Folds are drawn without a look at treatments or outcomes.</summary>
/// <param name="FoldOf">Fold of each row.</param>
/// <param name="Count">Number of folds.</param>
/// <param name="Tests">Folds whose rows are scored, each by a model of all folds that are never only tested.</param>
/// <param name="Fits">Folds that models are fitted on.</param>
internal sealed record UpliftFolds(int[] FoldOf, int Count, int[] Tests, int[] Fits)
{
    /// <summary>Each fold is scored by a model of the others.</summary>
    public static UpliftFolds OutOfFold(int rows, int folds, int seed) => new(Draw(rows, folds, seed), folds, [.. Enumerable.Range(0, folds)], [.. Enumerable.Range(0, folds)]);

    /// <summary>The first rows are fitted on, in folds of their own for the choice of a learner; those after them are scored.</summary>
    public static UpliftFolds FitThenTest(int fitRows, int testRows, int folds, int seed) =>
        new([.. Draw(fitRows, folds, seed), .. Enumerable.Repeat(folds, testRows)], folds + 1, [folds], [.. Enumerable.Range(0, folds)]);

    /// <summary>Folds that the model of a tested fold is fitted on.</summary>
    public int[] TrainingOf(int test) => [.. Fits.Where(f => f != test)];

    /// <summary>Rows of a fold, in order.</summary>
    public int[] Rows(int fold) => [.. Enumerable.Range(0, FoldOf.Length).Where(r => FoldOf[r] == fold)];

    /// <summary>Equal folds, in an order drawn by chance.</summary>
    private static int[] Draw(int rows, int folds, int seed)
    {
        var folded = new int[rows];
        for (var r = 0; r < rows; r++) folded[r] = r % folds;
        new SeededRandom((ulong)seed).Shuffle<int>(folded);
        return folded;
    }
}
