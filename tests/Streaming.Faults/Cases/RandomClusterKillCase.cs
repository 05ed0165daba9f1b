using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// Every ten to twenty seconds a random member of a cluster, worker or witness, is killed under load and started again a few seconds later, whatever state the cluster is in by then: a take-over or a hand-over may be under way.
/// </summary>
internal sealed class RandomClusterKillCase : FaultCase
{
    private readonly Dictionary<string, int> _killed = [];

    /// <summary>Kills.</summary>
    public required int Kills { get; init; }

    /// <summary>Least and most time between two kills, s.</summary>
    public required (double Least, double Most) EverySeconds { get; init; }

    /// <summary>Least and most time until a killed member is started again, s.</summary>
    public required (double Least, double Most) DownSeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        await using (var outputs = await OutputWatch.StartAsync(run.Bootstrap, run.Prefix, run.Options.Partitions, cancellation))
        using (var cluster = run.Cluster())
        {
            if (!await cluster.StartAsync(run.Options.Patience, cancellation)) run.Fail("the cluster did not come up");
            else await KillAsync(run, cluster, outputs, cancellation);
            run.Figures["members removed without cause and started again"] = cluster.Restarts;
        }

        foreach (var (name, times) in _killed.OrderBy(k => k.Key, StringComparer.Ordinal)) run.Figures[$"kills of {name}"] = times;
        return await run.JudgeAsync(cancellation);
    }

    private async Task KillAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, CancellationToken cancellation)
    {
        var (begin, owners, ends) = (DateTime.UtcNow, OwnerWatch.Start(cluster.Workers), 0);
        try
        {
            for (var kill = 1; kill <= run.AtMost(Kills) && run.Failures.Count == 0; kill++)
            {
                await Task.Delay(Between(run, EverySeconds), cancellation);
                // Who ended by itself meanwhile is started as its supervisor would.
                foreach (var node in cluster.Nodes.Where(n => n.HasEnded))
                {
                    ends++;
                    run.Log($"{node.Name} had ended by itself with {node.Process.ExitCode}");
                    cluster.Start(node);
                }

                var victim = cluster.Nodes[run.Random.Next(cluster.Nodes.Count)];
                victim.Process.Kill();
                _killed[victim.Name] = _killed.GetValueOrDefault(victim.Name) + 1;
                var down = Between(run, DownSeconds);
                run.Fault(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: {victim.Name}, for {down.TotalSeconds:0.0} s"));
                await Task.Delay(down, cancellation);
                cluster.Start(victim);
            }

            await HealsAsync(run, cluster, outputs, begin, cancellation);
        }
        finally
        {
            await owners.DisposeAsync();
        }

        run.Figures["members that ended by themselves"] = ends;
        var findings = owners.Judge(begin, run.Options.Partitions);
        foreach (var trespass in findings.Trespasses) run.Fail(trespass);
        findings.Into(run);
    }

    private static async Task HealsAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, DateTime begin, CancellationToken cancellation)
    {
        var last = DateTime.UtcNow;
        if (!await cluster.SettleAsync(run.Options.Patience, cancellation)) run.Fail("after the last kill the members did not come together with all partitions");
        var pause = TimeSpan.Zero;
        for (var partition = 0; partition < run.Options.Partitions; partition++)
        {
            if (await outputs.FirstAfterAsync(partition, last, run.Options.Patience, cancellation) is null) run.Fail($"partition {partition} gives no output after the last kill");
            if (outputs.LongestPause(partition, begin, DateTime.UtcNow) is var longest && longest > pause) pause = longest;
        }

        run.Figures["longest pause of a partition's outputs, s"] = Math.Round(pause.TotalSeconds, 1);
    }

    private static TimeSpan Between(CaseRun run, (double Least, double Most) seconds) => TimeSpan.FromSeconds(seconds.Least + (run.Random.NextDouble() * (seconds.Most - seconds.Least)));
}
