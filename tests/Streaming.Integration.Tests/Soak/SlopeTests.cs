using Streaming.Faults.Soak;

namespace Streaming.Integration.Tests.Soak;

/// <summary>The arithmetic by which a soak is judged, on numbers that statistics packages agree on.</summary>
public sealed class SlopeTests
{
    [Theory]
    [InlineData(1, 12.7062047)]
    [InlineData(2, 4.3026527)]
    [InlineData(9, 2.2621572)]
    [InlineData(48, 2.0106348)]
    [InlineData(1000, 1.9623391)]
    public void T_quantile_equals_the_printed_table(int degreesOfFreedom, double expected) => Assert.Equal(expected, StudentT.TwoSided(0.95, degreesOfFreedom), 6);

    [Fact]
    public void T_quantile_of_another_probability_equals_the_printed_table() => Assert.Equal(3.2498355, StudentT.TwoSided(0.99, 9), 6);

    // Anscombe's first data set: slope 0.5000909, standard error 0.1179055.
    [Fact]
    public void Fit_of_anscombe_s_points_gives_the_published_line_and_interval()
    {
        var slope = Slope.Fit([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]);
        Assert.Equal(0.5000909, slope.PerUnit, 6);
        Assert.Equal(0.5000909 - (2.2621572 * 0.1179055), slope.Low, 5);
        Assert.Equal(0.5000909 + (2.2621572 * 0.1179055), slope.High, 5);
        Assert.Equal(3.0000909 + (10 * 0.5000909), slope.AtStart, 5);
        Assert.False(slope.IncludesZero);
    }

    [Fact]
    public void Fit_of_a_straight_line_has_an_interval_of_no_width()
    {
        var slope = Slope.Fit([0, 1, 2, 3], [5, 7, 9, 11]);
        Assert.Equal((2, 5, 2, 2), (slope.PerUnit, slope.AtStart, slope.Low, slope.High));
        Assert.Equal(0.4, slope.RelativePerUnit, 12);
    }

    [Fact]
    public void Fit_of_two_points_is_refused() => Assert.Throws<ArgumentException>(() => Slope.Fit([0, 1], [5, 7]));

    [Fact]
    public void Verdict_on_a_leak_names_it()
    {
        var (slope, failure) = SoakVerdict.Judge("held, MiB", Minutes(m => 100 + (0.05 * m) + (m % 3)), m => m.HeldMiB, isCount: false);
        Assert.InRange(slope.PerUnit, 2.5, 3.5);
        Assert.StartsWith("held, MiB rises by", failure);
    }

    [Fact]
    public void Verdict_on_noise_is_level() => Assert.Null(SoakVerdict.Judge("held, MiB", Minutes(m => 100 + (m % 3)), m => m.HeldMiB, isCount: false).Failure);

    [Fact]
    public void Verdict_on_growth_below_one_percent_an_hour_is_level()
    {
        var (slope, failure) = SoakVerdict.Judge("held, MiB", Minutes(m => 100 + (0.9 * m / 60)), m => m.HeldMiB, isCount: false);
        Assert.False(slope.IncludesZero);
        Assert.Null(failure);
    }

    [Fact]
    public void Verdict_on_counts_forgives_one_more_and_not_ten()
    {
        Assert.Null(SoakVerdict.Judge("handles", Minutes(m => m < 40 ? 50 : 51), m => m.HeldMiB, isCount: true).Failure);
        Assert.NotNull(SoakVerdict.Judge("handles", Minutes(m => 50 + Math.Floor(m / 6)), m => m.HeldMiB, isCount: true).Failure);
    }

    private static List<SoakMinute> Minutes(Func<double, double> held) =>
        [.. Enumerable.Range(11, 50).Select(m => new SoakMinute(m, false, 0, 0, held(m), 0, 0, 0, 0, 0, 0))];
}
