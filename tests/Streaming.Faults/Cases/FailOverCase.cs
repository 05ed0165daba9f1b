using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// Of two workers and a witness one worker is killed; the other takes its partitions over. Measured for each of its partitions: from the kill to the first output that a
/// reader of committed records gets from the new owner. That the outputs are right is the oracle's to say. The killed one is started again before the next kill.
/// </summary>
internal sealed class FailOverCase : FaultCase
{
    private static readonly string[] Decision = ["SBR took decision"], Removal = ["is removing unreachable node", "is removing confirmed"];
    private readonly Spread _output = new(), _detection = new(), _stable = new(), _removal = new(), _takeOver = new(), _first = new();

    /// <summary>Who is killed.</summary>
    public required FailOverVictim Victim { get; init; }

    /// <summary>Kills.</summary>
    public required int Kills { get; init; }

    /// <summary>Greatest median that passes, s.</summary>
    public double BarSeconds { get; init; } = 8;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        await using (var outputs = await OutputWatch.StartAsync(run.Bootstrap, run.Prefix, run.Options.Partitions, cancellation))
        using (var cluster = run.Cluster())
        {
            if (!await cluster.StartAsync(run.Options.Patience, cancellation)) run.Fail("the cluster did not come up");
            for (var kill = 1; kill <= run.AtMost(Kills) && run.Failures.Count == 0; kill++)
            {
                await KillAsync(run, cluster, outputs, kill, cancellation);
                if (run.Failures.Count == 0 && !await cluster.SettleAsync(run.Options.Patience, cancellation)) run.Fail($"kill {kill}: the killed node did not become a member again");
            }

            run.Figures["members removed without cause and started again"] = cluster.Restarts;
        }

        _output.Into(run.Figures, "kill to first output of a dead partition");
        _detection.Into(run.Figures, "of it until the node is marked unreachable");
        _stable.Into(run.Figures, "from there until the split is decided");
        _removal.Into(run.Figures, "from there until the node is removed");
        _takeOver.Into(run.Figures, "from there until the partition runs elsewhere");
        _first.Into(run.Figures, "from there until its first output");
        if (_output.Percentile(50) > BarSeconds) run.Fail(string.Create(CultureInfo.InvariantCulture, $"the median of {_output.Percentile(50):0.0} s is above {BarSeconds:0.0} s"));
        return await run.JudgeAsync(cancellation);
    }

    private async Task KillAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, int kill, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(500, 2500)), cancellation);
        var victim = Victim switch
        {
            FailOverVictim.LowestAddress => cluster.Workers[0],
            FailOverVictim.Coordinator => cluster.Oldest,
            _ => cluster.Youngest,
        };
        var heir = cluster.Workers.Single(w => w != victim);
        if (await victim.Process.StatusAsync(cancellation) is not { } status || ShardStates.RunningPartitions(status) is not { Length: > 0 } partitions)
        {
            run.Fail($"kill {kill}: {victim.Name} runs no shard");
            return;
        }

        var at = DateTime.UtcNow;
        victim.Process.Kill();
        var slowest = TimeSpan.Zero;
        foreach (var partition in partitions)
        {
            var (runs, output) = await TakeOver.WaitAsync(heir, outputs, partition, at, run.Options.Patience, cancellation);
            if (output is null)
            {
                run.Fail($"kill {kill} of {victim.Name}: partition {partition} {(runs is null ? "was not taken over" : "runs elsewhere and gives no output")}");
                return;
            }

            _output.Add(output.Value - at);
            _first.Add(output.Value - runs!.Value);
            if (output.Value - at > slowest) slowest = output.Value - at;
        }

        var parts = Parts(cluster, victim, heir, partitions, at);
        run.Fault(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: {victim.Name} with partitions {string.Join(", ", partitions)}, last of them gave outputs again after {slowest.TotalSeconds:0.0} s ({parts})"));
        cluster.Start(victim);
    }

    private string Parts(EngineCluster cluster, ClusterNode victim, ClusterNode heir, int[] partitions, DateTime at)
    {
        DateTime? Earliest(params string[] texts) => cluster.Nodes.Where(n => n != victim).Min(n => n.Log.FirstAfter(at, texts));
        if (Earliest(NodeLog.Unreachable) is not { } marked || Earliest(Decision) is not { } decided || Earliest(Removal) is not { } removed) return "its parts are not in the logs";
        _detection.Add(marked - at);
        _stable.Add(decided - marked);
        _removal.Add(removed - decided);
        foreach (var partition in partitions)
            if (heir.Log.FirstAfter(at, $"Shard {partition} runs") is { } runs) _takeOver.Add(runs - removed);
        return string.Create(CultureInfo.InvariantCulture, $"unreachable after {(marked - at).TotalSeconds:0.0}, decided {(decided - marked).TotalSeconds:0.0} later, removed {(removed - decided).TotalSeconds:0.0} later");
    }
}
