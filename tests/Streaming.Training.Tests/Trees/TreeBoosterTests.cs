using Streaming.Training.Trees;

namespace Streaming.Training.Tests.Trees;

public sealed class TreeBoosterTests
{
    private static readonly BoostedTreesOptions Stump = new() { Trees = 1, Leaves = 2, LearningRate = 1, LeastWeight = 0, Ridge = 1, Bins = 32 };

    [Fact]
    public void Fit_first_split_is_the_best_of_all_splits()
    {
        var (rows, outcomes) = Wave(500, 7);
        var tree = Fit(rows, outcomes, Stump).ToEnsemble(0).Trees.Single();
        var binned = BinnedRows.Cut([rows], 3, 32);
        var best = Enumerable.Range(0, 3).SelectMany(f => binned.Ends[f].Select(end => (Feature: f, End: end, Gain: Gain(rows, outcomes, f, end)))).MaxBy(s => s.Gain);
        Assert.Equal((best.Feature, best.End), (tree.Feature[0], tree.Threshold[0]));
        var left = Enumerable.Range(0, 500).Where(r => rows[(r * 3) + best.Feature] <= best.End).Select(r => outcomes[r]).ToArray();
        Assert.Equal(left.Sum() / (left.Length + 1), tree.Value[tree.Left[0]], 1e-5);
    }

    [Fact]
    public void Fit_squared_loss_comes_near_what_is_no_line()
    {
        var (rows, outcomes) = Wave(3000, 1);
        var trees = Fit(rows, outcomes, Stump with { Trees = 200, Leaves = 8, LearningRate = 0.1, LeastWeight = 20 });
        var (test, truth) = Wave(500, 2);
        var error = truth.Select((y, r) => Math.Pow(trees.Score(test.AsSpan(r * 3, 3)) - y, 2)).Average();
        Assert.True(error < 0.1 * truth.Select(y => y * y).Average(), $"{error}");
    }

    [Fact]
    public void Fit_weights_of_one_and_none_are_alike()
    {
        var (rows, outcomes) = Wave(400, 3);
        var options = Stump with { Trees = 10, Leaves = 16, LeastWeight = 30 };
        var none = Fit(rows, outcomes, options);
        var ones = Fit(rows, outcomes, options, [.. Enumerable.Repeat(1f, 400)]);
        Assert.Equal(Scores(none, rows), Scores(ones, rows));
        Assert.All(Leaves(none, rows), n => Assert.True(n >= 30, $"{n} rows in a leaf"));
        Assert.Contains(Leaves(Fit(rows, outcomes, options with { LeastWeight = 0 }), rows), n => n < 30);
    }

    [Fact]
    public void Fit_each_leaf_has_the_least_curvature()
    {
        var (rows, outcomes) = Wave(400, 4); // each row of a squared loss has curvature 1
        Assert.All(Leaves(Fit(rows, outcomes, Stump with { Leaves = 16, LeastCurvature = 40 }), rows), n => Assert.True(n >= 40, $"{n} rows in a leaf"));
    }

    [Fact]
    public void Fit_keeps_the_trees_up_to_the_best_and_no_more()
    {
        var (rows, outcomes) = Wave(200, 5);
        var booster = new TreeBooster(BinnedRows.Cut([rows], 3, 32), new SquaredLoss(outcomes, 0), null, Stump with { Trees = 30, LearningRate = 0.1, Patience = 5 });
        var asked = new List<int>();
        var trees = booster.Fit(t => Value(asked, t.Count), null, TestContext.Current.CancellationToken);
        Assert.Equal(3, trees.Count);
        Assert.Equal(Enumerable.Range(1, 8), asked);
    }

    [Fact]
    public void Fit_gain_that_must_be_beaten_ends_growth()
    {
        var (rows, outcomes) = Wave(200, 6);
        Assert.Equal(0, Fit(rows, outcomes, Stump with { LeastGain = 1e9 }).Count);
        Assert.Equal(0f, Fit(rows, outcomes, Stump with { LeastGain = 1e9 }).Score([0, 0, 0]));
    }

    private static double Value(List<int> asked, int trees)
    {
        asked.Add(trees);
        return -Math.Abs(trees - 3);
    }

    private static BoostedTrees Fit(float[] rows, double[] outcomes, BoostedTreesOptions options, float[]? weights = null) =>
        new TreeBooster(BinnedRows.Cut([rows], 3, options.Bins), new SquaredLoss(outcomes, 0), weights, options).Fit(cancellation: TestContext.Current.CancellationToken);

    private static IEnumerable<float> Scores(BoostedTrees trees, float[] rows) => Enumerable.Range(0, rows.Length / 3).Select(r => trees.Score(rows.AsSpan(r * 3, 3)));

    private static IEnumerable<int> Leaves(BoostedTrees trees, float[] rows) =>
        Enumerable.Range(0, trees.Count).SelectMany(t => Enumerable.Range(0, rows.Length / 3).GroupBy(r => trees.Score(t, rows.AsSpan(r * 3, 3))).Select(g => g.Count()));

    private static double Gain(float[] rows, double[] outcomes, int feature, float end)
    {
        var sides = Enumerable.Range(0, outcomes.Length).ToLookup(r => rows[(r * 3) + feature] <= end, r => outcomes[r]);
        return sides.Sum(side => Math.Pow(side.Sum(), 2) / (side.Count() + 1));
    }

    // A wave along the first feature, turned round by the second; the third says nothing.
    private static (float[] Rows, double[] Outcomes) Wave(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var rows = new float[count * 3];
        foreach (ref var value in rows.AsSpan()) value = (float)random.Uniform();
        return (rows, [.. Enumerable.Range(0, count).Select(r => Math.Sin(6 * rows[r * 3]) * (rows[(r * 3) + 1] > 0.3 ? 1 : -1))]);
    }
}
