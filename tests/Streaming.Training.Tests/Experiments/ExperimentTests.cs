using Streaming.Training.Experiments;

namespace Streaming.Training.Tests.Experiments;

public sealed class ExperimentTests
{
    [Fact]
    public void HoldOut_share_is_that_asked_for_and_salts_deal_apart()
    {
        const int Users = 200_000;
        var (a, b) = (new HoldOut("autumn", 0.1), new HoldOut("winter", 0.1));
        int ofA = 0, ofBoth = 0;
        for (var u = 0; u < Users; u++)
        {
            if (!a.Has($"u{u}")) continue;
            ofA++;
            if (b.Has($"u{u}")) ofBoth++;
        }

        Assert.InRange((double)ofA / Users, 0.1 - 0.0027, 0.1 + 0.0027); // four standard errors
        Assert.InRange((double)ofBoth / ofA, 0.1 - 0.0085, 0.1 + 0.0085);
    }

    [Fact]
    public void HoldOut_of_a_user_never_changes()
    {
        // Pinned: users of a running experiment must stay where they are.
        Assert.Equal([Hash("s", "u1") < 0.5, Hash("s", "u2") < 0.5, Hash("s", "ü3") < 0.5], new[] { "u1", "u2", "ü3" }.Select(new HoldOut("s", 0.5).Has));
        Assert.Equal(0.8945424024343909, Hash("s", "u1"), 1e-12);
        Assert.Equal([true, false], new[] { 0.9, 0.89 }.Select(share => new HoldOut("s", share).Has("u1")));

        static double Hash(string salt, string user) => Convert.ToUInt64(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{salt}\0{user}")))[..16], 16) / Math.Pow(2, 64);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void HoldOut_of_none_and_of_all(double share, bool expected) => Assert.All(Enumerable.Range(0, 1000), u => Assert.Equal(expected, new HoldOut("s", share).Has($"u{u}")));

    [Fact]
    public void HoldOut_bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new HoldOut("", 0.1));
        Assert.Throws<ArgumentException>(() => new HoldOut("a\0b", 0.1));
        foreach (var share in (double[])[-0.1, 1.1, double.NaN]) Assert.Throws<ArgumentException>(() => new HoldOut("s", share));
    }

    [Fact]
    public void SampleRatio_as_dealt_is_silent_and_a_lost_twentieth_alarms()
    {
        Assert.InRange(SampleRatio.P(1000, 9000, 0.1), 0.999, 1);
        Assert.Equal(0.0455, SampleRatio.P(5100, 4900, 0.5), 1e-4); // two standard deviations
        Assert.True(SampleRatio.P(9500, 90_000, 0.1) < 0.001);
        Assert.True(SampleRatio.SequentialP(9500, 90_000, 0.1) < 0.001);
        Assert.Equal(1, SampleRatio.P(0, 0, 0.1));
        Assert.Equal(1, SampleRatio.SequentialP(0, 0, 0.1), 1e-9);
    }

    [Fact]
    public void SampleRatio_looked_at_every_hundred_users_rarely_alarms()
    {
        int once = 0, sequential = 0;
        for (var run = 0; run < 1000; run++)
        {
            var random = new SeededRandom((ulong)run);
            long held = 0;
            bool p = false, s = false;
            for (var look = 1; look <= 100; look++)
            {
                for (var i = 0; i < 100; i++) held += random.Uniform() < 0.1 ? 1 : 0;
                p |= SampleRatio.P(held, (look * 100) - held, 0.1) < 0.01;
                s |= SampleRatio.SequentialP(held, (look * 100) - held, 0.1) < 0.01;
            }

            once += p ? 1 : 0;
            sequential += s ? 1 : 0;
        }

        Assert.InRange(sequential, 0, 20); // 1 % and three standard deviations
        Assert.True(once > 40, $"{once}"); // the test for one look would be wrong here
    }

    [Fact]
    public void ConfidenceSequence_is_the_formula_and_wider_than_one_look()
    {
        var (treated, control) = (ArmTotals.OfProportion(10_000, 1200), ArmTotals.OfProportion(10_000, 1000));
        var interval = ConfidenceSequence.Of(treated, control, new ExperimentOptions { Alpha = 0.05, TightestAtUsers = 20_000 });
        var error = Math.Sqrt((0.12 * 0.88 / 9999) + (0.1 * 0.9 / 9999));
        var r = 20_000 / (5.991464547 + Math.Log(6.991464547));
        var half = error * Math.Sqrt((20_000 + r) / 20_000 * Math.Log((20_000 + r) / (r * 0.0025)));
        Assert.Equal(0.02, interval.Difference, 1e-12);
        Assert.Equal(0.02 - half, interval.Low, 1e-9);
        Assert.Equal(0.02 + half, interval.High, 1e-9);
        Assert.InRange(half / error, 1.96, 3.2);
    }

    [Fact]
    public void ConfidenceSequence_with_nothing_to_go_by_says_nothing()
    {
        var options = new ExperimentOptions();
        foreach (var (treated, control) in ((ArmTotals, ArmTotals)[])[(default, default), (ArmTotals.OfProportion(199, 50), ArmTotals.OfProportion(10_000, 0)), (ArmTotals.OfProportion(1000, 0), ArmTotals.OfProportion(1000, 0))])
        {
            var interval = ConfidenceSequence.Of(treated, control, options);
            Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (interval.Low, interval.High));
        }
    }

    [Fact]
    public void StopRule_names_each_end()
    {
        var options = new ExperimentOptions { HoldOutShare = 0.5, NotWorth = 0.01 };
        StopDecision Decide(long treated, long bought, long control, long ofControl) => StopRule.Decide(ArmTotals.OfProportion(treated, bought), ArmTotals.OfProportion(control, ofControl), options);
        Assert.Equal(StopDecision.Helps, Decide(10_000, 1300, 10_000, 1000));
        Assert.Equal(StopDecision.Harms, Decide(10_000, 1000, 10_000, 1300));
        Assert.Equal(StopDecision.Continue, Decide(10_000, 1040, 10_000, 1000));
        Assert.Equal(StopDecision.NotWorth, Decide(200_000, 20_000, 200_000, 20_000));
        Assert.Equal(StopDecision.NotAsDealt, Decide(10_000, 1300, 9000, 900));
    }

    [Fact]
    public void Options_name_every_error() => Assert.Equal(["Alpha", "TightestAtUsers", "LeastUsers", "NotWorth", "HoldOutShare"],
        new ExperimentOptions { Alpha = 0, TightestAtUsers = double.NaN, LeastUsers = 1, NotWorth = -1, HoldOutShare = 0 }.Validate().Select(e => e.Split(' ')[0]));

    [Fact]
    public void SpecialFunctions_agree_with_tables()
    {
        Assert.Equal(Math.Log(24), SpecialFunctions.LogGamma(5), 1e-12);
        Assert.Equal(0.5 * Math.Log(Math.PI), SpecialFunctions.LogGamma(0.5), 1e-12);
        Assert.Equal(5905.220423209181, SpecialFunctions.LogGamma(1000), 1e-9);
        Assert.Equal(1, SpecialFunctions.Erfc(0));
        Assert.Equal(0.157299207050285, SpecialFunctions.Erfc(1), 1e-12);
        Assert.Equal(2.209049699858544e-5, SpecialFunctions.Erfc(3), 1e-16);
    }
}
