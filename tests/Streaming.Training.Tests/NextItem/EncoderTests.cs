using Streaming.Core.Items;
using Streaming.Training.NextItem;
using Xunit;

namespace Streaming.Training.Tests.NextItem;

public sealed class EncoderTests
{
    private static readonly EncoderSettings Settings = new() { Dimensions = 16, PrefixItems = 4, Batch = 4 };

    [Fact]
    public void Backward_agrees_with_differences()
    {
        var weights = new EncoderWeights(6, Settings, new SeededRandom(1));
        var (pass, gradient, session, wanted) = (new EncoderPass(weights), new EncoderGradient(weights), new float[16], new float[16]);
        for (var k = 0; k < 16; k++) wanted[k] = MathF.Sin(k + 1);
        pass.Forward([0, 3, 3, 5, 2], 0, null, session);
        pass.Backward(session, wanted, gradient);
        double Loss()
        {
            pass.Forward([0, 3, 3, 5, 2], 0, null, session);
            return session.Zip(wanted, (s, w) => (double)s * w).Sum();
        }

        for (var i = 0; i < weights.Dense.Length; i += 7) Assert.Equal(Slope(ref weights.Dense[i], Loss), gradient.Dense[i], 5e-3);
        foreach (var item in (int[])[0, 2, 3, 5])
        {
            for (var k = 0; k < 16; k += 5) Assert.Equal(Slope(ref weights.Item(item)[k], Loss), gradient.Item(item)[k], 2e-2);
        }

        Assert.All(gradient.Item(0).ToArray(), value => Assert.Equal(0, value)); // the fifth click back is not read
    }

    [Fact]
    public void Train_again_gives_the_same_bits_and_finds_what_follows()
    {
        var ids = new ItemDictionary();
        var log = SmallShop.Log(ids, [.. Enumerable.Range(0, 400).Select(i => $"{i % 20} {(i % 20) + 20}")]);
        var counts = new ItemCounts(log);
        var settings = Settings with { Batch = 16, Negatives = 16, Epochs = 12, LeastSteps = 0, Dropout = 0.1f };
        EncoderWeights Train() => new EncoderTrainer(log, counts, settings, 7).Train(null, null, TestContext.Current.CancellationToken);
        var weights = Train();
        Assert.Equal(weights.Items, Train().Items);
        var (scores, hits) = (new float[log.ItemCount], 0);
        var scorer = new EncoderScorer(weights, counts, settings);
        for (var s = 0; s < 20; s++)
        {
            scorer.Score(log[s][..1], scores);
            if (scores.Max() == scores[log[s][1]]) hits++;
        }

        Assert.True(hits >= 16, $"{hits} of 20");
    }

    [Fact]
    public void Score_unknown_prefix_is_zero_for_all()
    {
        var ids = new ItemDictionary();
        var log = SmallShop.Log(ids, "a b c");
        var scorer = new EncoderScorer(new EncoderWeights(3, Settings, new SeededRandom(1)), new ItemCounts(log), Settings);
        var scores = new float[] { 9, 9, 9 };
        scorer.Score([5, 6], scores);
        Assert.Equal([0, 0, 0], scores);
    }

    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(7, 64, 16)]
    [InlineData(9, 80, 32)]
    public void AddProduct_agrees_with_sums(int rows, int columns, int inner)
    {
        var random = new SeededRandom(2);
        float[] a = [.. Enumerable.Range(0, rows * inner).Select(_ => (float)random.Normal())], b = [.. Enumerable.Range(0, inner * columns).Select(_ => (float)random.Normal())];
        var (c, transposed) = (new float[rows * columns], new float[rows * columns]);
        Simd.AddProduct(a, inner, 1, b, c, rows, columns, inner);
        float[] aAcross = [.. Enumerable.Range(0, a.Length).Select(i => a[(i % rows * inner) + (i / rows)])];
        Simd.AddProduct(aAcross, 1, rows, b, transposed, rows, columns, inner);
        Assert.Equal(c, transposed);
        for (var i = 0; i < c.Length; i++) Assert.Equal(Enumerable.Range(0, inner).Sum(k => (double)a[(i / columns * inner) + k] * b[(k * columns) + (i % columns)]), c[i], 1e-4);
    }

    private static double Slope(ref float weight, Func<double> loss)
    {
        const float Step = 1e-2f;
        var was = weight;
        weight = was + Step;
        var above = loss();
        weight = was - Step;
        var below = loss();
        weight = was;
        return (above - below) / (2 * Step);
    }
}
