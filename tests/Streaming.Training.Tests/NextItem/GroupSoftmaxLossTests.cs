using Streaming.Training.NextItem;
using Streaming.Training.Trees;

namespace Streaming.Training.Tests.NextItem;

public sealed class GroupSoftmaxLossTests
{
    private static readonly BoostedTreesOptions Ranker = new HybridSettings().Ranker;

    [Fact]
    public void Trees_learn_what_tells_the_right_row_and_repeat_their_bits()
    {
        var (values, starts, positives) = Groups(300, 8);
        var (trees, again) = (Train(values, starts, positives), Train(values, starts, positives));
        var right = 0;
        for (var g = 0; g < values.Count; g++)
        {
            float[] scores = [.. Enumerable.Range(0, 8).Select(i => trees.Score(values[g].AsSpan(i * 3, 3)))];
            Assert.Equal(scores, Enumerable.Range(0, 8).Select(i => again.Score(values[g].AsSpan(i * 3, 3))));
            if (Array.IndexOf(scores, scores.Max()) == positives[g] - starts[g]) right++;
        }

        Assert.True(right > 240, $"{right} of 300");
    }

    [Fact]
    public void Trees_of_features_that_say_nothing_are_none()
    {
        var trees = Train([[1, 2, 3, 1, 2, 3], [1, 2, 3, 1, 2, 3]], [0, 2, 4], [0, 3]);
        Assert.Equal(0, trees.Count);
        Assert.Equal(0, trees.Score([1, 2, 3]));
    }

    [Fact]
    public void Differentiate_is_chance_less_outcome()
    {
        var loss = new GroupSoftmaxLoss([0, 2, 5], [1, 2], [1, 1, 1, 3, 1]);
        loss.Add([3], MathF.Log(2));
        var (gradients, curvatures) = (new float[5], new float[5]);
        loss.Differentiate(gradients, curvatures);
        double[] chances = [0.5, 0.5, 1 / 8.0, 6 / 8.0, 1 / 8.0], outcomes = [0, 1, 1, 0, 0];
        for (var row = 0; row < 5; row++)
        {
            Assert.Equal(chances[row] - outcomes[row], gradients[row], 1e-6);
            Assert.Equal(chances[row] * (1 - chances[row]), curvatures[row], 1e-6);
        }
    }

    /// <summary>
    /// Hashes of what the ranker's own trees were before all boosted trees became one (decision 0032). Exponentials are the runtime's: where these have other bits the trees may, too, and nothing is compared.
    /// </summary>
    [Theory]
    [InlineData(2000, 24, 12, 40, 0xe94ccd4297837b26)]
    [InlineData(16000, 30, 6, 6, 0x3af5473bbb2cf360)]
    public void Trees_have_the_bits_of_before(int groups, int most, int features, int count, ulong recorded)
    {
        Assert.SkipWhen(HashOfExponentials() != 0xe21edb8f032b49fc, "this machine's MathF.Exp has other bits than that of the record");
        var sample = new RankerSample(groups, most, features, 17);
        var rows = BinnedRows.Cut(sample.Groups, features, Ranker.Bins);
        var loss = new GroupSoftmaxLoss([.. sample.Starts], [.. sample.Positives], [.. sample.Weights]);
        var trees = new TreeBooster(rows, loss, null, Ranker with { Trees = count }).Fit(t => t.Count, null, TestContext.Current.CancellationToken);
        var hash = new Fnv();
        hash.Add((uint)trees.Count);
        hash.Add((uint)trees.Nodes);
        for (var tree = 0; tree < trees.Count; tree++)
        {
            foreach (var group in sample.Groups.Take(400))
            {
                for (var i = 0; i < group.Length; i += features) hash.Add(BitConverter.SingleToUInt32Bits(trees.Score(tree, group.AsSpan(i, features))));
            }
        }

        Assert.Equal(recorded, hash.Value);
    }

    private static ulong HashOfExponentials()
    {
        var hash = new Fnv();
        for (var i = 0; i < 65536; i++) hash.Add(BitConverter.SingleToUInt32Bits(MathF.Exp(-i / 4096f)));
        return hash.Value;
    }

    private static BoostedTrees Train(List<float[]> values, int[] starts, int[] positives)
    {
        var loss = new GroupSoftmaxLoss(starts, positives, [.. Enumerable.Repeat(1f, starts[^1])]);
        return new TreeBooster(BinnedRows.Cut(values, 3, Ranker.Bins), loss, null, Ranker with { Trees = 40, Leaves = 8, LeastCurvature = 0.5 }).Fit(cancellation: TestContext.Current.CancellationToken);
    }

    // The right row is where the first two features together are greatest; the third is noise.
    private static (List<float[]> Values, int[] Starts, int[] Positives) Groups(int count, int size)
    {
        var random = new SeededRandom(5);
        var (values, positives) = (new List<float[]>(), new List<int>());
        for (var g = 0; g < count; g++)
        {
            var group = new float[size * 3];
            foreach (ref var value in group.AsSpan()) value = (float)random.Uniform();
            positives.Add((g * size) + Enumerable.Range(0, size).MaxBy(i => group[i * 3] + group[(i * 3) + 1]));
            values.Add(group);
        }

        return (values, [.. Enumerable.Range(0, count + 1).Select(g => g * size)], [.. positives]);
    }

    /// <summary>FNV-1a over words.</summary>
    private sealed class Fnv
    {
        public ulong Value { get; private set; } = 0xcbf29ce484222325;

        public void Add(uint word) => Value = (Value ^ word) * 0x100000001b3;
    }
}
