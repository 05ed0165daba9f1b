using Streaming.Training.Uplift;

namespace Streaming.Training.Tests.Uplift;

/// <summary>Each expected figure is worked out by hand from the definitions of scikit-uplift (sklift/metrics/metrics.py).</summary>
public sealed class UpliftCurveTests
{
    private static readonly bool[] Treated = [true, false, true, false];
    private static readonly double[] Outcome = [1, 0, 0, 1];

    [Theory]
    [InlineData(new double[] { 4, 3, 2, 1 }, 1.0, 1.0)] // curves (1, 1, 1, 0) and (1, 2, 1.5, 0): the perfect ones
    [InlineData(new double[] { 1, 2, 3, 4 }, -0.5, -1.0)] // (0, -1, -0.5, 0) and (-1, -2, -1.5, 0)
    [InlineData(new double[] { 7, 7, 7, 7 }, 0.0, 0.0)] // one threshold: the straight line
    [InlineData(new double[] { 2, 2, 1, 1 }, 2.0 / 3, 8.0 / 9)] // (1) then (0), and (2) then (0)
    public void Areas_small_trial_are_those_worked_out_by_hand(double[] scores, double qini, double uplift)
    {
        var actual = new UpliftCurve(scores, Treated, Outcome).Areas();
        Assert.Equal(qini, actual.Qini / UpliftCurve.PerfectQini(Treated, Outcome).Areas().Qini, 1e-12);
        Assert.Equal(uplift, actual.Uplift / UpliftCurve.PerfectUplift(Treated, Outcome).Areas().Uplift, 1e-12);
    }

    [Fact]
    public void Areas_mean_effect_is_taken_off()
    {
        bool[] treated = [true, false, true, false];
        double[] outcome = [1, 0, 1, 0];
        Assert.Equal(0, new UpliftCurve([2, 2, 1, 1], treated, outcome).Areas().Qini, 1e-12); // (1) then (2)
        Assert.Equal(2, new UpliftCurve([4, 1, 3, 2], treated, outcome).Areas().Qini, 1e-12); // 1, 2, 2, 2
    }

    [Fact]
    public void PerfectUplift_with_more_control_responders_than_indifferent_treated_prefers_outcomes()
    {
        // 2 (y = t) + y: treated responders 3, then untreated responders 1 beside nobody, then 2 for untreated who did not respond.
        bool[] treated = [true, false, false, false];
        double[] outcome = [1, 1, 1, 0];
        // order: row 0 (3), row 3 (2), rows 1 and 2 (1): uplift 1·1, 1·2, (1 − 2/3)·4
        Assert.Equal((0.5 + 1.5 + (2 * (2 + (4.0 / 3)) / 2)) - (4 * (4.0 / 3) / 2), UpliftCurve.PerfectUplift(treated, outcome).Areas().Uplift, 1e-12);
    }

    [Fact]
    public void Best_takes_whole_customers_and_the_later_of_equal_scores()
    {
        bool[] treated = [true, false, true, false, true, false, true, false, true, false];
        double[] outcome = [1, 0, 1, 0, 1, 0, 0, 0, 1, 0];
        // 10 × 0.3 = 3 customers: rows 9, 8, 7 of ten equal scores
        Assert.Equal(1, new UpliftCurve(new double[10], treated, outcome).Best(0.3));
        // by score: rows 6, 5, 4: treated 0 and 1, untreated 0
        Assert.Equal(0.5, new UpliftCurve([0, 0, 0, 0, 1, 1, 1, 0, 0, 0], treated, outcome).Best(0.3));
        Assert.Equal(double.NaN, new UpliftCurve([9, 0, 8, 0, 7, 0, 0, 0, 0, 0], treated, outcome).Best(0.3)); // nobody untreated among them
    }

    [Fact]
    public void Areas_rows_that_count_twice_are_rows_that_stand_there_twice()
    {
        double[] scores = [3, 1, 2, 5, 4, 1];
        bool[] treated = [true, false, false, true, false, true];
        double[] outcome = [1, 0, 1, 1, 0, 0];
        int[] times = [2, 1, 0, 1, 3, 2];
        int[] rows = [0, 0, 1, 3, 4, 4, 4, 5, 5];
        var expected = new UpliftCurve([.. rows.Select(r => scores[r])], [.. rows.Select(r => treated[r])], [.. rows.Select(r => outcome[r])]);
        var actual = new UpliftCurve(scores, treated, outcome);
        Assert.Equal(expected.Areas(), actual.Areas(times));
        Assert.Equal(expected.Best(0.7), actual.Best(0.7, times));
    }
}
