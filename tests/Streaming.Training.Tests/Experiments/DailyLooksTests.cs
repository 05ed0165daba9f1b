using Streaming.Training.Experiments;

namespace Streaming.Training.Tests.Experiments;

/// <summary>1,000 simulated experiments of 90 days each, looked at every day: 100 users a day and arm, one in ten of whom buys where nothing is done. Seed 1.</summary>
public sealed class DailyLooksTests
{
    private const int Runs = 1000, Days = 90, Daily = 100;
    private const double Base = 0.1;
    private static readonly ExperimentOptions Options = new() { HoldOutShare = 0.5 };

    [Fact]
    public void StopRule_zero_effect_and_90_looks_stops_in_at_most_5_percent() => Assert.InRange(Stopped(0, ByRule), 0, 0.05);

    [Fact]
    public void Fixed_interval_zero_effect_and_90_looks_fails_the_same_simulation() => Assert.InRange(Stopped(0, ByFixedInterval), 0.2, 1);

    [Fact]
    public void StopRule_planted_effect_is_found()
    {
        Assert.InRange(Stopped(0.02, ByRule), 0.8, 1); // one in eight instead of one in ten, with at most 9,000 users an arm
        Assert.InRange(Stopped(-0.02, ByRule), 0.8, 1);
    }

    [Fact]
    public void StopRule_amounts_with_a_heavy_tail_and_zero_effect_stops_in_at_most_5_percent()
    {
        var stopped = 0;
        for (var run = 0; run < 300; run++)
        {
            var random = new SeededRandom((ulong)run + 77);
            var (treated, control) = (default(ArmTotals), default(ArmTotals));
            for (var day = 0; day < Days; day++)
            {
                for (var i = 0; i < Daily; i++)
                {
                    treated = treated.With(Amount(random));
                    control = control.With(Amount(random));
                }

                if (ByRule(treated, control) == StopDecision.Continue) continue;
                stopped++;
                break;
            }
        }

        Assert.InRange(stopped / 300.0, 0, 0.05);
        static double Amount(SeededRandom random) => random.Uniform() < Base ? Math.Exp(3 + random.Normal()) : 0;
    }

    private static double Stopped(double effect, Func<ArmTotals, ArmTotals, StopDecision> rule)
    {
        var stopped = 0;
        for (var run = 0; run < Runs; run++)
        {
            var random = new SeededRandom((ulong)run + 1_000_003);
            var (treated, control) = (default(ArmTotals), default(ArmTotals));
            for (var day = 0; day < Days; day++)
            {
                treated = treated.With(Day(random, Base + effect));
                control = control.With(Day(random, Base));
                if (rule(treated, control) == StopDecision.Continue) continue;
                stopped++;
                break;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{rule.Method.Name}, effect {effect}: {stopped} of {Runs} stopped");
        return (double)stopped / Runs;
    }

    private static ArmTotals Day(SeededRandom random, double p)
    {
        var bought = 0;
        for (var i = 0; i < Daily; i++)
        {
            if (random.Uniform() < p) bought++;
        }

        return ArmTotals.OfProportion(Daily, bought);
    }

    private static StopDecision ByRule(ArmTotals treated, ArmTotals control) => StopRule.Decide(treated, control, Options);

    private static StopDecision ByFixedInterval(ArmTotals treated, ArmTotals control) =>
        Math.Abs(treated.Mean - control.Mean) > 1.96 * Math.Sqrt((treated.Variance / treated.Users) + (control.Variance / control.Users)) ? StopDecision.Helps : StopDecision.Continue;
}
