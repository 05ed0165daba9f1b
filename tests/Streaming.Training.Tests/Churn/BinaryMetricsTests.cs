using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

public sealed class BinaryMetricsTests
{
    [Fact]
    public void Auroc_counts_ties_a_half()
    {
        // Pairs (yes, no): .9>.5 1, .9>.1 1, .5=.5 ½, .5>.1 1: 3½ of 4.
        Assert.Equal(3.5 / 4, BinaryMetrics.Auroc([0.9, 0.5, 0.5, 0.1], [true, true, false, false]), 12);
        Assert.Equal(0.5, BinaryMetrics.Auroc([0.3, 0.3, 0.3], [true, false, true]), 12);
        Assert.Equal(0, BinaryMetrics.Auroc([0.1, 0.9], [true, false]), 12);
    }

    [Fact]
    public void Auroc_of_one_outcome_is_no_number() => Assert.True(double.IsNaN(BinaryMetrics.Auroc([0.1, 0.9], [true, true])));

    [Fact]
    public void LogLoss_is_the_mean_surprise_and_finite_where_a_certainty_fails()
    {
        Assert.Equal((-Math.Log(0.8) - Math.Log(0.6)) / 2, BinaryMetrics.LogLoss([0.8, 0.4], [true, false]), 12);
        Assert.InRange(BinaryMetrics.LogLoss([1.0], [false]), 10, 100);
    }

    [Fact]
    public void Calibration_error_of_equal_mass_bins_is_as_by_hand()
    {
        // Two bins of two: |(.1 + .2)/2 − .5| = .35 and |(.7 + .8)/2 − 1| = .25; mean .3.
        Assert.Equal(0.3, new CalibrationError([0.8, 0.1, 0.2, 0.7], bins: 2).Of([true, true, false, true]), 12);
    }

    [Fact]
    public void Calibration_error_keeps_equal_probabilities_together()
    {
        // All alike: one bin, whose share is its probability.
        Assert.Equal(0, new CalibrationError([0.5, 0.5, 0.5, 0.5], bins: 2).Of([true, true, false, false]), 12);
    }

    [Fact]
    public void Calibration_error_of_true_probabilities_is_mostly_below_its_noise()
    {
        var random = new SeededRandom(3);
        var p = Enumerable.Range(0, 2000).Select(_ => random.Uniform()).ToArray();
        var error = new CalibrationError(p);
        var noise = error.Noise95(500, 1);
        var above = Enumerable.Range(0, 200).Count(_ => error.Of([.. p.Select(x => random.Uniform() < x)]) > noise);
        Assert.InRange(above, 1, 25); // 5 % of 200 is 10
        Assert.True(error.Of([.. p.Select(x => random.Uniform() < x * x)]) > noise);
    }

    [Fact]
    public void Line_finds_the_shift_and_scale_that_were_applied()
    {
        var random = new SeededRandom(5);
        var truth = Enumerable.Range(0, 40_000).Select(_ => random.Normal()).ToArray();
        var labels = truth.Select(x => random.Uniform() < LogMath.Sigmoid(x)).ToArray();
        var said = truth.Select(x => LogMath.Sigmoid((x - 0.5) / 0.8)).ToArray(); // truth = 0.5 + 0.8 × said
        var line = CalibrationLine.Fit(said, labels);
        Assert.InRange(line.Slope, 0.76, 0.84);
        Assert.InRange(line.Intercept, 0.46, 0.54);
        Assert.InRange(CalibrationLine.InTheLarge([.. truth.Select(x => LogMath.Sigmoid(x - 1))], labels), 0.95, 1.05);
    }

    [Fact]
    public void Line_of_labels_all_alike_stays_finite()
    {
        var line = CalibrationLine.Fit([0.4, 0.6, 0.7], [true, true, true]);
        Assert.True(double.IsFinite(line.Apply(0.5)));
        Assert.InRange(line.Apply(0.5), 0, 1);
    }

    [Fact]
    public void Bootstrap_interval_is_the_same_for_one_seed_and_holds_the_mean()
    {
        var values = Enumerable.Range(0, 500).Select(i => (double)(i % 7)).ToArray();
        var interval = new ChurnBootstrap(500, 400, 1).Mean(values, 0.9);
        Assert.Equal(interval, new ChurnBootstrap(500, 400, 1).Mean(values, 0.9));
        Assert.InRange(values.Average(), interval.Low, interval.High);
        Assert.InRange(interval.High - interval.Low, 0.2, 0.4); // 2 × 1.645 × 2 / √500 = 0.29
    }
}
