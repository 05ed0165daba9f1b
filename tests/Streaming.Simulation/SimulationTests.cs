using Streaming.Simulation.Command;
using Xunit;

namespace Streaming.Simulation;

/// <summary>A short run of the simulation for every test run; `--seeds` runs as many as one likes (docs/fault-model.md).</summary>
public sealed class SimulationTests
{
    private const int Seeds = 300;

    [Fact]
    public void Seeds_of_the_short_run_all_pass()
    {
        var range = new SeedRange(1, Seeds, Environment.ProcessorCount);
        range.Run(isFirstEnough: false);
        TestContext.Current.TestOutputHelper?.WriteLine(range.Stats.ToString());
        Assert.True(range.Failures.Count == 0, string.Join('\n', range.Failures.Select(f => $"--seed {f.Key}: {f.Value}")));
        // A storm in which nothing happened proves nothing.
        var s = range.Stats;
        Assert.All((int[])[s.Crashes, s.Pauses, s.Grants, s.Revocations, s.HandOffs, s.BrokerOutages, s.StoreOutages, s.SlowPhases, s.RollBacks, s.Jumps, s.Fences, s.Unclear, s.Retries, s.Forgotten, s.ForgottenInControl, s.ForgottenElsewhere, s.Expired, s.SettingsChanges, s.Links, s.Hidden, s.Repairs, s.CommitLooks, s.MemoryLooks], count => Assert.True(count > 0, s.ToString()));
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
