using Streaming.Training.Policy;

namespace Streaming.Training.Tests.Policy;

/// <summary>What the 95 % promises, held against worlds in which the policy's value is known.</summary>
public sealed class PolicyCoverageTests
{
    private const int Logs = 200;

    [Theory]
    [InlineData(21, 0.004, 1.0, 0.0, 10_000)] // about as many clicks as Open Bandit's sample has
    [InlineData(22, 0.004, 1.0, 0.7, 10_000)] // a log that has preferences of its own
    [InlineData(23, 0.05, 1.0, 0.4, 5_000)] // many clicks
    public void Intervals_hold_the_known_value_as_often_as_they_promise(ulong seed, double rate, double align, double logSpread, int rows)
    {
        var world = new SimulatedPolicy(seed, rate, align, logSpread);
        var runs = Run(world, Logs, rows, seed);
        foreach (var name in (string[])["doublyRobust", "selfNormalised"])
        {
            PolicyEstimate[] own = [.. runs.Select(r => r.Estimates[name])];
            var covered = own.Count(e => e.Low <= world.Truth && world.Truth <= e.High) / (double)Logs;
            Assert.True(covered is >= 0.91 and <= 0.99, $"{name}: {covered}"); // 0.95 ± 2.6 standard errors of 200 logs
            var (bias, spread) = Bias(own, world.Truth);
            Assert.True(Math.Abs(bias) < 3 * spread / Math.Sqrt(Logs), $"{name}: bias {bias}, standard deviation {spread}");
            Assert.InRange(Math.Sqrt(own.Average(e => e.Se * e.Se)) / spread, 0.8, 1.2); // the standard error is the standard deviation
        }

        // The log's own rate is not the answer, or nothing would have been shown.
        Assert.True(runs.Count(r => r.Baselines["naive"].Low <= world.Truth && world.Truth <= r.Baselines["naive"].High) < 0.9 * Logs);
    }

    [Fact]
    public void DoublyRobust_is_right_where_the_propensities_are_wrong_and_the_reward_model_is_right()
    {
        // Rates follow the level alone; the log prefers what is clicked, and its file says that it chose by chance.
        var world = new SimulatedPolicy(31, 0.15, align: -1, logSpread: 0, items: 20, positions: 2, ownEffect: 0, logAlign: 1.5);
        var runs = Run(world, 40, 8000, 31, world.AsIfByChance);
        var (robust, _) = Bias([.. runs.Select(r => r.Estimates["doublyRobust"])], world.Truth);
        var (plain, _) = Bias([.. runs.Select(r => r.Estimates["selfNormalised"])], world.Truth);
        Assert.True(Math.Abs(robust) < 0.04 * world.Truth, $"{robust} of {world.Truth}");
        Assert.True(Math.Abs(plain) > 0.06 * world.Truth, $"{plain} of {world.Truth}");
        Assert.All(runs, r => Assert.True(r.RewardGain > 0));
    }

    private static PolicyResult[] Run(SimulatedPolicy world, int logs, int rows, ulong seed, Func<PolicyRows, PolicyRows>? claim = null) =>
    [
        .. Enumerable.Range(0, logs).Select(l =>
        {
            var random = new SeededRandom((seed << 32) + (ulong)l);
            var log = world.Log(random, rows);
            return PolicyEvaluation.Value(world.Catalogue(), claim?.Invoke(log) ?? log, world.Target(random, rows) with { Clicked = null }, new PolicyOptions { Log = "log", Target = "target", Items = "items", Seed = l }, null, TestContext.Current.CancellationToken);
        }),
    ];

    private static (double Bias, double Spread) Bias(PolicyEstimate[] estimates, double truth)
    {
        var mean = estimates.Average(e => e.Estimate);
        return (mean - truth, Math.Sqrt(estimates.Sum(e => (e.Estimate - mean) * (e.Estimate - mean)) / (estimates.Length - 1)));
    }
}
