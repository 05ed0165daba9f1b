using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// Partitions move between two workers, and one of the two kills itself at a point of the move while the other, which was or will be their owner, lives. Whichever it is, the other must own them
/// afterwards, and it alone. The first half of the kills strikes one worker, the second half the other, so that the shards' coordinator is on either side.
/// </summary>
internal sealed class ClusterCrashCase : FaultCase
{
    private const int Killed = 137;
    private readonly Spread _output = new();
    private OwnerFindings _owners = OwnerFindings.None;

    /// <summary>The points, in turn.</summary>
    public required IReadOnlyList<string> Points { get; init; }

    /// <summary>Whether the worker that kills itself takes partitions over, as one that joins; otherwise it hands them over, as one that was asked to end.</summary>
    public required bool TakesOver { get; init; }

    /// <summary>Kills.</summary>
    public required int Kills { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var kills = run.AtMost(Kills);
        await run.Feeder.StartAsync(cancellation);
        await using (var outputs = await OutputWatch.StartAsync(run.Bootstrap, run.Prefix, run.Options.Partitions, cancellation))
        using (var cluster = run.Cluster())
        {
            if (!await cluster.StartAsync(run.Options.Patience, cancellation)) run.Fail("the cluster did not come up");
            for (var kill = 1; kill <= kills && run.Failures.Count == 0; kill++) await KillAsync(run, cluster, outputs, kill, kill <= kills / 2, cancellation);
            run.Figures["members removed without cause and started again"] = cluster.Restarts;
        }

        _output.Into(run.Figures, "kill to the first output of every partition");
        _owners.Into(run);
        return await run.JudgeAsync(cancellation);
    }

    private async Task KillAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, int kill, bool isFirstHalf, CancellationToken cancellation)
    {
        var victim = cluster.Workers[isFirstHalf ? 0 : 1];
        var other = cluster.Workers.Single(w => w != victim);
        var point = string.Create(CultureInfo.InvariantCulture, $"{Points[(kill - 1) % Points.Count]}:{run.Random.Next(1, (run.Options.Partitions / cluster.Workers.Count) + 1)}");
        // Those moves too by which the partitions come to where they are to be: an owner that kills itself in a hand-over is dead before the next one takes over, so that there is nobody left to look at.
        var (at, owners) = (DateTime.UtcNow, OwnerWatch.Start(cluster.Workers));
        try
        {
            if (!await ReadyAsync(run, cluster, victim, other, point, kill, cancellation)) return;
            await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(500, 2500)), cancellation);
            if (TakesOver) cluster.Start(victim);
            else Signals.SendTerminate(victim.Process.Id);
            await WaitAsync(run, victim, other, outputs, $"kill {kill}: {victim.Name} at {point}", cancellation);
        }
        finally
        {
            await owners.DisposeAsync();
        }

        var findings = owners.Judge(at, run.Options.Partitions);
        _owners += findings;
        foreach (var trespass in findings.Trespasses) run.Fail($"kill {kill}: {trespass}");
    }

    // Who is to take over is away, and the other has all partitions; who is to hand over has its part of them, and knows where it is to kill itself.
    private async Task<bool> ReadyAsync(CaseRun run, EngineCluster cluster, ClusterNode victim, ClusterNode other, string point, int kill, CancellationToken cancellation)
    {
        (other.CrashPoint, victim.CrashPoint) = (null, point);
        if (other.HasEnded) cluster.Start(other); // the victim of the first half
        if (!victim.HasEnded)
        {
            // It lives without a crash point: before the first kill, and before the first of the second half.
            if (!await cluster.SettleAsync(run.Options.Patience, cancellation)) run.Fail($"kill {kill}: the cluster did not come together with all partitions");
            else await EndAsync(run, victim, kill, cancellation);
            if (run.Failures.Count > 0) return false;
        }

        if (!TakesOver)
        {
            cluster.Start(victim);
            if (await cluster.SettleAsync(run.Options.Patience, cancellation)) return true;
        }
        else if (await OwnsAllAsync(run, other, cancellation)) return true;
        run.Fail($"kill {kill}: the partitions did not come to where they are to be");
        return false;
    }

    private static async Task EndAsync(CaseRun run, ClusterNode node, int kill, CancellationToken cancellation)
    {
        Signals.SendTerminate(node.Process.Id);
        if (!await node.Process.WaitForExitAsync(run.Options.Patience, cancellation)) run.Fail($"kill {kill}: {node.Name} did not end when it was asked to");
        else if (node.Process.ExitCode != 0) run.Fail($"kill {kill}: {node.Name} ended with {node.Process.ExitCode} when it was asked to");
    }

    private async Task WaitAsync(CaseRun run, ClusterNode victim, ClusterNode other, OutputWatch outputs, string what, CancellationToken cancellation)
    {
        if (!await victim.Process.WaitForExitAsync(run.Options.Patience, cancellation)) run.Fail($"{what}: it was not reached");
        else if (victim.Process.ExitCode != Killed || !victim.Process.AtCrashPoint.IsCompleted) run.Fail($"{what}: it ended with {victim.Process.ExitCode} instead");
        if (run.Failures.Count > 0) return;
        var killed = victim.Process.EndedAt;
        if (!await OwnsAllAsync(run, other, cancellation))
        {
            run.Fail($"{what}: {other.Name} did not take all partitions over{(other.HasEnded ? $", it ended with {other.Process.ExitCode}" : "")}");
            return;
        }

        var slowest = TimeSpan.Zero;
        for (var partition = 0; partition < run.Options.Partitions; partition++)
        {
            if (await outputs.FirstAfterAsync(partition, killed, run.Options.Patience, cancellation) is not { } first)
            {
                run.Fail($"{what}: partition {partition} gives no output");
                return;
            }

            if (first - killed > slowest) slowest = first - killed;
        }

        _output.Add(slowest);
        run.Fault(string.Create(CultureInfo.InvariantCulture, $"{what}; {other.Name} had all partitions, and gave outputs of each after {slowest.TotalSeconds:0.0} s"));
    }

    private static Task<bool> OwnsAllAsync(CaseRun run, ClusterNode node, CancellationToken cancellation) =>
        node.Process.WaitForAsync(ShardStates.Running(run.Options.Partitions), 2, run.Options.Patience, cancellation);
}
