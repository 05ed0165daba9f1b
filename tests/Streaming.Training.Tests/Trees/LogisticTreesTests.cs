using Streaming.Training.Onnx;
using Streaming.Training.Trees;

namespace Streaming.Training.Tests.Trees;

public sealed class LogisticTreesTests
{
    [Fact]
    public void Fit_finds_an_interaction_that_no_line_can()
    {
        var (rows, labels) = Exclusive(4000, 1);
        var trees = Fit(rows, 3, labels, Ones(labels.Length), new BoostedTreesOptions { Trees = 60, LearningRate = 0.2, LeastWeight = 20 });
        var (test, truth) = Exclusive(1000, 2);
        var right = Enumerable.Range(0, truth.Length).Count(r => trees.Evaluate(test.AsSpan(r * 3, 3)) > 0 == truth[r]);
        Assert.True(right > 900, $"{right} of 1000");
    }

    [Fact]
    public void Fit_twice_gives_the_same_bits()
    {
        var (rows, labels) = Exclusive(800, 3);
        var options = new BoostedTreesOptions { Trees = 20 };
        var row = rows.AsSpan(0, 3);
        Assert.Equal(Fit(rows, 3, labels, Ones(800), options).Evaluate(row), Fit(rows, 3, labels, Ones(800), options).Evaluate(row));
    }

    [Fact]
    public void Fit_of_one_outcome_or_of_equal_rows_is_a_constant()
    {
        var alike = Fit(new float[300], 3, new bool[100], Ones(100), new BoostedTreesOptions());
        Assert.Empty(alike.Trees);
        Assert.Equal((float)Math.Log(0.5 / 100.5), alike.Evaluate([0, 0, 0]), 4);
        Assert.Equal(0f, Fit([], 3, [], [], new BoostedTreesOptions()).Evaluate([1, 2, 3]));
    }

    [Fact]
    public void Each_leaf_holds_the_least_weight()
    {
        var (rows, labels) = Exclusive(500, 4);
        var trees = Fit(rows, 3, labels, Ones(500), new BoostedTreesOptions { Trees = 5, Leaves = 16, LeastWeight = 100 });
        foreach (var tree in trees.Trees)
        {
            var leaves = Enumerable.Range(0, 500).GroupBy(r => tree.Evaluate(rows.AsSpan(r * 3, 3))).Select(g => g.Count());
            Assert.All(leaves, n => Assert.True(n >= 100, $"{n} rows in a leaf"));
        }
    }

    private static TreeEnsemble Fit(float[] rows, int features, bool[] labels, float[] weights, BoostedTreesOptions options) =>
        LogisticTrees.Fit(rows, features, labels, weights, options, TestContext.Current.CancellationToken);

    private static float[] Ones(int n) => [.. Enumerable.Repeat(1f, n)];

    private static (float[] Rows, bool[] Labels) Exclusive(int n, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var rows = new float[n * 3];
        foreach (ref var value in rows.AsSpan()) value = (float)random.Normal();
        return (rows, [.. Enumerable.Range(0, n).Select(r => rows[r * 3] > 0 != rows[(r * 3) + 1] > 0)]);
    }
}
