using CsCheck;
using Streaming.Training.Segments.Report;

namespace Streaming.Training.Tests.Segments.Report;

public sealed class CliffsDeltaTests
{
    [Fact]
    public void Delta_by_hand()
    {
        // 9 pairs: one above, two equal, six below.
        Assert.Equal(-5.0 / 9, Of([1, 2, 3], [2, 3, 4]), 1e-15);
        Assert.Equal(1, Of([5, 6], [1, 2]));
        Assert.Equal(-1, Of([1, 2], [5, 6]));
        Assert.Equal(0, Of([7, 7], [7, 7, 7]));
        Assert.Equal(0.75, Of([2, 3], [1, 2, double.NaN])); // three of four pairs above, one equal; the unknown is in none
        Assert.Equal(double.NaN, Of([double.NaN], [1]));
    }

    [Fact]
    public void Delta_is_the_count_over_all_pairs() => Gen.Select(Gen.Int[0, 9].Array[1, 30], Gen.Int[0, 9].Array[1, 30]).Sample((a, b) =>
    {
        double naive = a.Sum(x => b.Sum(y => Math.Sign(x - y)));
        Assert.Equal(naive / (a.Length * b.Length), Of([.. a.Select(x => (double)x)], [.. b.Select(x => (double)x)]), 1e-12);
    }, iter: 500);

    [Fact]
    public void Interval_is_of_the_known_width_and_narrows_with_the_root_of_the_customers()
    {
        // Two standard normals a half apart: delta = 2 Φ(.5 / √2) − 1 = .2763; its standard error by the placements of each side (DeLong, DeLong and Clarke-Pearson, 1988).
        var (few, many) = (Interval(100, 7), Interval(1_600, 7));
        Assert.InRange(0.2763, many.Low, many.High);
        Assert.InRange((few.High - few.Low) / (many.High - many.Low), 3, 5.3);
        Assert.InRange((many.High - many.Low) / (2 * 1.96 * many.Error), 0.9, 1.1);
        Assert.Equal(many, Interval(1_600, 7));
        Assert.NotEqual((many.Low, many.High), (Interval(1_600, 8).Low, Interval(1_600, 8).High));
    }

    [Fact]
    public void Draws_become_fewer_with_many_customers_but_never_below_200()
    {
        Assert.Equal([1_000, 1_000, 500, 200], ((int[])[10, 20_000, 40_000, 1_000_000]).Select(n => new CliffsDelta([new double[n]]).Draws));
    }

    [Theory]
    [InlineData(0.146, 0.1, 0.2, false)]
    [InlineData(0.3, -0.01, 0.5, false)]
    [InlineData(0.3, 0.01, 0.5, true)]
    [InlineData(-0.3, -0.5, -0.01, true)]
    public void An_effect_is_clear_where_it_is_not_negligible_and_its_interval_without_0(double delta, double low, double high, bool isClear)
    {
        Assert.Equal(isClear, new Effect(delta, low, high, 0, 0, 0).IsClear);
    }

    [Fact]
    public void Equal_pairs_are_on_neither_side()
    {
        double[] inside = [.. Enumerable.Repeat(0.5, 20), .. new double[80]];
        var pairs = new CliffsDelta([[.. inside, .. new double[50]]]).Pairs(0, [.. Enumerable.Range(0, 100)], [.. Enumerable.Range(100, 50)]);
        Assert.Equal((0.2, 0.0), pairs);
        var effect = new Effect(0.2, 0.1, 0.3, 0, pairs.Above, pairs.Below);
        Assert.Equal((20, 0), (effect.For, effect.Against));
        effect = new Effect(-0.2, -0.3, -0.1, 0, 0.125, 0.325);
        Assert.Equal((33, 13), (effect.For, effect.Against));
    }

    private static double Of(double[] a, double[] b) => new CliffsDelta([[.. a, .. b]]).Of(0, [.. Enumerable.Range(0, a.Length)], [.. Enumerable.Range(a.Length, b.Length)]);

    private static (double Low, double High, double Error) Interval(int n, ulong seed)
    {
        var random = new SeededRandom(5);
        double[] a = [.. Enumerable.Range(0, n).Select(_ => random.Normal() + 0.5)], b = [.. Enumerable.Range(0, n).Select(_ => random.Normal())];
        var (low, high) = new CliffsDelta([[.. a, .. b]]).Intervals([.. Enumerable.Range(0, n)], [.. Enumerable.Range(n, n)], seed)[0];
        double Variance(double[] of, double[] against)
        {
            double[] placed = [.. of.Select(x => against.Average(y => (double)Math.Sign(x - y)))];
            var mean = placed.Average();
            return placed.Sum(p => (p - mean) * (p - mean)) / (n - 1) / n;
        }

        return (low, high, Math.Sqrt(Variance(a, b) + Variance(b, a)));
    }
}
