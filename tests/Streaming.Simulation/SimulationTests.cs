using Streaming.Simulation.Command;
using Xunit;

namespace Streaming.Simulation;

/// <summary>A short run of the simulation for every test run; `--seeds` runs as many as one likes (docs/fault-model.md).</summary>
public sealed class SimulationTests
{
    private const int Seeds = 300;

    // A storm in which nothing happened proves nothing.
    private static readonly string[] MustHappen =
    [
        nameof(Stats.Crashes), nameof(Stats.Pauses), nameof(Stats.Grants), nameof(Stats.Revocations), nameof(Stats.HandOffs), nameof(Stats.BrokerOutages), nameof(Stats.StoreOutages), nameof(Stats.SlowPhases), nameof(Stats.RollBacks),
        nameof(Stats.LiveRollBacks), nameof(Stats.Jumps), nameof(Stats.Fences), nameof(Stats.Unclear), nameof(Stats.Retries), nameof(Stats.Forgotten), nameof(Stats.ForgottenInControl), nameof(Stats.ForgottenElsewhere), nameof(Stats.Expired),
        nameof(Stats.SettingsChanges), nameof(Stats.Links), nameof(Stats.Hidden), nameof(Stats.Repairs), nameof(Stats.HeldEnds), nameof(Stats.LateEndsRefused), nameof(Stats.StaleRows),
        nameof(Stats.StaleShardRows), nameof(Stats.CorruptRows), nameof(Stats.LostRequests), nameof(Stats.LostReplies), nameof(Stats.LateRequests), nameof(Stats.NanScores), nameof(Stats.CreateTimeEvents), nameof(Stats.CreateTimeTicks),
        nameof(Stats.MarketRefusals), nameof(Stats.Alerts), nameof(Stats.BudgetAlerts), nameof(Stats.CooledAlerts), nameof(Stats.CommitLooks), nameof(Stats.MemoryLooks),
    ];

    [Fact]
    public void Seeds_of_the_short_run_all_pass()
    {
        var range = new SeedRange(1, Seeds, Environment.ProcessorCount);
        range.Run(isFirstEnough: false);
        TestContext.Current.TestOutputHelper?.WriteLine(range.Stats.ToString());
        Assert.True(range.Failures.Count == 0, string.Join('\n', range.Failures.Select(f => $"--seed {f.Key}: {f.Value}")));
        Assert.All(MustHappen, name => Assert.True((long)typeof(Stats).GetField(name)!.GetValue(range.Stats)! > 0, $"{name}: {range.Stats}"));
        Assert.Equal(0, range.Stats.TornEnds);
    }

    [Fact]
    public void Seed_run_twice_is_the_same_run()
    {
        for (var seed = 1001L; seed <= 1020; seed++)
        {
            var (first, second) = (SimulationRun.Run(seed), SimulationRun.Run(seed));
            Assert.True(first.TraceHash == second.TraceHash && first.Failure == second.Failure, $"--seed {seed}: {first.TraceHash:x16} {first.Failure}, then {second.TraceHash:x16} {second.Failure}");
        }
    }
}
