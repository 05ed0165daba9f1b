using Streaming.Training.Uplift;

namespace Streaming.Training.Tests.Uplift;

public sealed class OutcomeTreesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predict_tells_empty_fields_levels_and_numbers_apart(bool logistic)
    {
        var random = new SeededRandom(1);
        var numbers = new double[2000];
        var texts = new string[2000];
        var outcome = new double[2000];
        for (var r = 0; r < 2000; r++)
        {
            numbers[r] = random.Below(5) == 0 ? double.NaN : random.Uniform();
            texts[r] = random.Below(2) == 0 ? "a" : "b";
            outcome[r] = Expected(numbers[r], texts[r]) > random.Uniform() ? 1 : 0;
        }

        var matrix = new TrialMatrix([new TrialFeature("n", numbers, null), new TrialFeature("t", null, texts)], 2000, 2000);
        Assert.Equal(3, matrix.Columns);
        var trees = new OutcomeTrees(matrix, [.. Enumerable.Range(0, 1500)], outcome, logistic);
        var error = Enumerable.Range(1500, 500).Average(r => Math.Abs(trees.Predict(matrix.Row(r)) - Expected(numbers[r], texts[r])));
        Assert.True(error < 0.1, $"{error}");
    }

    [Fact]
    public void Predict_without_columns_rows_or_difference_is_the_mean()
    {
        var none = new TrialMatrix([], 4, 4);
        Assert.Equal(0.5, new OutcomeTrees(none, [0, 1, 2, 3], [0, 1, 0, 1], true).Predict(none.Row(0)), 1e-12);
        var alike = new TrialMatrix([new TrialFeature("n", new double[100], null)], 100, 100);
        Assert.Equal(7, new OutcomeTrees(alike, [.. Enumerable.Range(0, 100)], [.. Enumerable.Repeat(7.0, 100)], false).Predict(alike.Row(0)), 1e-12);
        Assert.Equal(0, new OutcomeTrees(alike, [], new double[100], false).Predict(alike.Row(0)));
    }

    private static double Expected(double number, string text) => double.IsNaN(number) ? 0.9 : text == "a" ? 0.1 : number > 0.5 ? 0.7 : 0.3;
}
