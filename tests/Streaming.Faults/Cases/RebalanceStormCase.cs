using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// Of two workers one leaves in order and joins again as soon as it can, again and again: two rebalances each time. Its partitions move to the other and back; those of the other must not move, no
/// partition may pause for long, and since each is flushed before it moves, nothing is done twice.
/// </summary>
internal sealed class RebalanceStormCase : FaultCase
{
    /// <summary>Times that it leaves and joins.</summary>
    public required int Times { get; init; }

    /// <summary>Longest pause of a partition's outputs that passes, s.</summary>
    public double BarSeconds { get; init; } = 15;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        await using (var outputs = await OutputWatch.StartAsync(run.Bootstrap, run.Prefix, run.Options.Partitions, cancellation))
        using (var cluster = run.Cluster())
        {
            if (!await cluster.StartAsync(run.Options.Patience, cancellation)) run.Fail("the cluster did not come up");
            else await StormAsync(run, cluster, outputs, cancellation);
            run.Figures["members removed without cause and started again"] = cluster.Restarts;
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task StormAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, CancellationToken cancellation)
    {
        var (stays, leaves, times) = (cluster.Workers[0], cluster.Workers[1], run.AtMost(Times));
        int[] kept = await stays.Process.StatusAsync(cancellation) is { } status ? ShardStates.RunningPartitions(status) : [];
        var (begin, replayed) = (DateTime.UtcNow, await ReplayedAsync(stays, cancellation));
        for (var time = 1; time <= times && run.Failures.Count == 0; time++)
        {
            Signals.SendTerminate(leaves.Process.Id);
            if (!await leaves.Process.WaitForExitAsync(run.Options.Patience, cancellation) || leaves.Process.ExitCode != 0) run.Fail($"{time}: {leaves.Name} did not end in order");
            else if (!await stays.Process.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail($"{time}: {stays.Name} did not take over");
            else run.Fault($"{time}: {leaves.Name} left, {stays.Name} runs all partitions");
            replayed += await ReplayedAsync(leaves, cancellation);
            if (run.Failures.Count > 0) return;
            cluster.Start(leaves);
            if (!await cluster.SettleAsync(run.Options.Patience, cancellation)) run.Fail($"{time}: {leaves.Name} did not get its partitions back");
            else run.Fault($"{time}: {leaves.Name} joined and has its partitions again");
        }

        var end = DateTime.UtcNow;
        var pauses = Enumerable.Range(0, run.Options.Partitions).Select(p => outputs.LongestPause(p, begin, end).TotalSeconds).ToList();
        run.Figures["seconds of a rebalance"] = Math.Round((end - begin).TotalSeconds / (2 * times), 1);
        run.Figures["longest pause of a partition that moves, s"] = Math.Round(pauses.Where((_, p) => !kept.Contains(p)).DefaultIfEmpty().Max(), 2);
        run.Figures["longest pause of a partition that stays, s"] = Math.Round(pauses.Where((_, p) => kept.Contains(p)).DefaultIfEmpty().Max(), 2);
        var twice = await ReplayedAsync(stays, cancellation) + await ReplayedAsync(leaves, cancellation) - replayed;
        run.Figures["events replayed"] = twice;
        if (kept.Length == 0 || kept.Length == run.Options.Partitions) run.Fail($"{stays.Name} ran {kept.Length} partitions at the start: none could stay or move");
        foreach (var partition in kept.Where(p => stays.Log.AllAfter(begin, OwnerWatch.RunsText(p)).Count > 0)) run.Fail($"partition {partition}, whose worker stayed, moved");
        for (var partition = 0; partition < pauses.Count; partition++)
            if (pauses[partition] > BarSeconds) run.Fail(string.Create(CultureInfo.InvariantCulture, $"partition {partition} paused for {pauses[partition]:0.0} s"));
        if (twice > 0) run.Fail($"{twice} events were replayed although every owner left in order");
    }

    private static async Task<double> ReplayedAsync(ClusterNode node, CancellationToken cancellation) => node.HasEnded ? 0 : await node.Process.MetricAsync("streaming_replayed_events_total", cancellation);
}
