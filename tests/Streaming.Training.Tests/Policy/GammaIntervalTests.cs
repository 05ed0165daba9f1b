using Streaming.Training.Policy;

namespace Streaming.Training.Tests.Policy;

public sealed class GammaIntervalTests
{
    [Theory] // Garwood 1936, as in tables of Poisson limits
    [InlineData(0, 0, 3.6889)]
    [InlineData(1, 0.0253, 5.5716)]
    [InlineData(10, 4.7954, 18.3904)]
    [InlineData(50, 37.1110, 65.9188)]
    public void Of_counts_of_equal_weight_are_garwood_s_limits(int count, double low, double high)
    {
        var rate = PolicyInterval.Of(count / 1000.0, count / 1e6, 1 / 1000.0);
        Assert.Equal(low, rate.Low * 1000, 4);
        Assert.Equal(high, rate.High * 1000, 4);
    }

    [Theory]
    [InlineData(1, 0.7)] // series
    [InlineData(1, 9)] // continued fraction
    public void Below_of_shape_1_is_the_exponential_distribution(double shape, double x) => Assert.Equal(1 - Math.Exp(-x), GammaInterval.Below(shape, x), 13);

    [Theory]
    [InlineData(0.3)]
    [InlineData(7)]
    [InlineData(4000)]
    public void Quantile_inverts_the_distribution(double shape)
    {
        foreach (var p in (double[])[0.025, 0.5, 0.975]) Assert.Equal(p, GammaInterval.Below(shape, GammaInterval.Quantile(p, shape)), 9);
    }

    [Fact]
    public void Of_no_click_or_a_negative_estimate_has_an_upper_end_and_none_below_zero()
    {
        Assert.Equal((0, 3.6889), (PolicyInterval.Of(0, 0, 0.001).Low, Math.Round(PolicyInterval.Of(0, 0, 0.001).High * 1000, 4)));
        var negative = PolicyInterval.Of(-0.0004, 1e-6, 0.001);
        Assert.Equal((-0.0004, 0), (negative.Estimate, negative.Low));
        Assert.InRange(negative.High, 0.003, 0.004);
        Assert.Equal(1, PolicyInterval.Of(0.9, 0.5, 1).High);
    }
}
