using Streaming.Training.NextItem;
using Xunit;

namespace Streaming.Training.Tests.NextItem;

public sealed class BoostTrainerTests
{
    [Fact]
    public void Train_learns_what_tells_the_right_row_and_repeats_its_bits()
    {
        var (values, data) = Groups(300, 8);
        var trees = Train(data);
        var again = Train(data);
        var right = 0;
        for (var g = 0; g < values.Count; g++)
        {
            float[] scores = [.. Enumerable.Range(0, 8).Select(i => trees.Score(values[g].AsSpan(i * 3, 3)))];
            Assert.Equal(scores, Enumerable.Range(0, 8).Select(i => again.Score(values[g].AsSpan(i * 3, 3))));
            if (Array.IndexOf(scores, scores.Max()) == data.Positives[g] - data.Groups[g]) right++;
        }

        Assert.True(right > 240, $"{right} of 300");
    }

    [Fact]
    public void Train_keeps_the_trees_up_to_the_best_and_no_more()
    {
        var (_, data) = Groups(50, 5);
        var trees = new BoostTrainer(data, new BoostSettings { Trees = 30, Leaves = 4, MinCurvature = 0.1, Patience = 5 }).Train(t => -Math.Abs(t.Count - 3), null, TestContext.Current.CancellationToken);
        Assert.Equal(3, trees.Count);
    }

    [Fact]
    public void Train_features_that_say_nothing_grow_no_tree()
    {
        var data = BoostData.From([[1, float.NaN, 1, float.NaN], [1, float.NaN, 1, float.NaN]], 2, [0, 2, 4], [0, 3], [1, 1, 1, 1]);
        var trees = Train(data);
        Assert.Equal(0, trees.Score([1, float.NaN]));
    }

    private static BoostedTrees Train(BoostData data) =>
        new BoostTrainer(data, new BoostSettings { Trees = 40, Leaves = 8, MinCurvature = 0.5 }).Train(trees => trees.Count, null, TestContext.Current.CancellationToken);

    // The right row is where the first two features together are greatest; the third is noise.
    private static (List<float[]> Values, BoostData Data) Groups(int count, int size)
    {
        var random = new SeededRandom(5);
        var (values, starts, positives) = (new List<float[]>(), new List<int> { 0 }, new List<int>());
        for (var g = 0; g < count; g++)
        {
            var group = new float[size * 3];
            foreach (ref var value in group.AsSpan()) value = (float)random.Uniform();
            positives.Add(starts[^1] + Enumerable.Range(0, size).MaxBy(i => group[i * 3] + group[(i * 3) + 1]));
            values.Add(group);
            starts.Add(starts[^1] + size);
        }

        return (values, BoostData.From(values, 3, [.. starts], [.. positives], [.. Enumerable.Repeat(1f, count * size)]));
    }
}
