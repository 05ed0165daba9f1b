using Streaming.Training.Trees;

namespace Streaming.Training.Tests.Trees;

public sealed class BoostedTreesTests
{
    [Fact]
    public void ToEnsemble_answers_as_the_flat_trees_do()
    {
        var trees = new BoostedTrees();
        Add(trees, 0, 0.5f, -1, 2);
        Add(trees, 1, 0, 10, 20);
        Add(trees, 0, 9, 7, 7); // dropped again
        trees.Truncate(2);
        var ensemble = trees.ToEnsemble(100);
        Assert.Equal(2, ensemble.Trees.Count);
        float[][] rows = [[0.5f, 0], [1, 1], [float.NaN, float.NaN], [float.NegativeInfinity, 1]];
        Assert.Equal([109f, 122f, 122f, 119f], rows.Select(row => ensemble.Evaluate(row)));
        Assert.All(rows, row => Assert.Equal(trees.Score(row) + 100, ensemble.Evaluate(row)));
    }

    [Fact]
    public void ToEnsemble_without_trees_is_the_start() => Assert.Equal(3, new BoostedTrees().ToEnsemble(3).Evaluate([1]));

    [Fact]
    public void Validate_names_every_error()
    {
        Assert.Empty(new BoostedTreesOptions().Validate());
        var wrong = new BoostedTreesOptions { Trees = 0, Leaves = 1, LearningRate = 0, LeastWeight = -1, LeastCurvature = double.NaN, LeastGain = -1, Ridge = -1, Bins = 257, Patience = 0 };
        Assert.Equal(9, wrong.Validate().Count());
    }

    private static void Add(BoostedTrees trees, int feature, float threshold, float left, float right)
    {
        trees.BeginTree();
        var root = trees.AddLeaf(0);
        trees.Split(root, feature, threshold, trees.AddLeaf(left), trees.AddLeaf(right));
    }
}
