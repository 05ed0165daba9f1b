using Streaming.Training.Uplift;

namespace Streaming.Training.Tests.Uplift;

/// <summary>The test of equal effects on many small trials: how often it speaks where it must not, and where it must.</summary>
public sealed class EffectTestTests
{
    private const int Trials = 100, Draws = 79;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.2)] // arms of unequal size and variance
    public void P_one_effect_for_all_is_below_5_percent_in_about_5_percent_of_trials(double share) => Assert.InRange(Found(0.3, 0, share), 0, 11); // 5 and three standard deviations

    [Fact]
    public void P_effects_that_differ_are_found() => Assert.InRange(Found(0.05, 0.35, 0.5), 80, Trials);

    private static int Found(double effect, double more, double share)
    {
        var found = 0;
        for (var t = 0; t < Trials; t++)
        {
            var trial = Simulate(400, effect, more, share, (ulong)t + 11);
            var design = new UpliftDesign(trial.Features);
            var pipeline = new EffectPipeline(design, design.Encode(trial.Features, trial.Rows), UpliftFolds.OutOfFold(trial.Rows, 3, t));
            var test = new EffectTest([pipeline], trial, new bool[trial.Rows], t);
            if (EffectTest.P(test.Observed(), test.Null(Draws, null, TestContext.Current.CancellationToken)) <= 0.05) found++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"effect {effect}, more {more}, share {share}: {found} of {Trials}");
        return found;
    }

    private static Trial Simulate(int rows, double effect, double more, double share, ulong seed)
    {
        var random = new SeededRandom(seed);
        var (a, b, treated, outcome) = (new double[rows], new double[rows], new bool[rows], new double[rows]);
        for (var i = 0; i < rows; i++)
        {
            (a[i], b[i], treated[i]) = (random.Below(2), random.Below(4), random.Uniform() < share);
            outcome[i] = random.Uniform() < 0.1 + (0.1 * b[i]) + (treated[i] ? effect + (more * a[i]) : 0) ? 1 : 0;
        }

        return new Trial([new TrialFeature("a", a, null), new TrialFeature("b", b, null)], treated, outcome);
    }
}
