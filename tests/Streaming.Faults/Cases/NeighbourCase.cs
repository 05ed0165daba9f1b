using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// Neighbours that never sleep take every processor beside two workers and a witness. Heartbeats must go on: nobody is taken for dead, no partition moves, and outputs come all the while.
/// </summary>
internal sealed class NeighbourCase : FaultCase
{
    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>Busy processes for each processor.</summary>
    public required int PerProcessor { get; init; }

    /// <summary>How long each time, s.</summary>
    public required int Seconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        await using (var outputs = await OutputWatch.StartAsync(run.Bootstrap, run.Prefix, run.Options.Partitions, cancellation))
        using (var cluster = run.Cluster())
        {
            if (!await cluster.StartAsync(run.Options.Patience, cancellation)) run.Fail("the cluster did not come up");
            for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0; time++) await CrowdAsync(run, cluster, outputs, time, cancellation);
            if (cluster.Restarts > 0) run.Fail($"{cluster.Restarts} members ended by themselves");
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task CrowdAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, int time, CancellationToken cancellation)
    {
        var before = await PlacesAsync(cluster, cancellation);
        var at = DateTime.UtcNow;
        var neighbours = Enumerable.Range(0, PerProcessor * Environment.ProcessorCount).Select(_ => Process.Start("/bin/sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(Seconds), cancellation);
        }
        finally
        {
            foreach (var neighbour in neighbours)
            {
                neighbour.Kill();
                neighbour.Dispose();
            }
        }

        foreach (var node in cluster.Nodes.Where(n => n.HasEnded)) run.Fail($"{time}: {node.Name} ended with {node.Process.ExitCode}");
        if (run.Failures.Count > 0) return;
        var unreachable = cluster.Nodes.Count(n => n.Log.FirstAfter(at, NodeLog.Unreachable) is not null);
        var after = await PlacesAsync(cluster, cancellation);
        if (!before.SequenceEqual(after)) run.Fail($"{time}: partitions moved, from {string.Join(", ", before)} to {string.Join(", ", after)}");
        var quiet = Enumerable.Range(0, run.Options.Partitions).Where(p => !(outputs.LastBefore(p, DateTime.UtcNow) > at + TimeSpan.FromSeconds(Seconds / 2.0))).ToList();
        if (quiet.Count > 0) run.Fail($"{time}: no outputs of partitions {string.Join(", ", quiet)} in the last {Seconds / 2} s");
        if (run.Failures.Count > 0) return;
        run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: {neighbours.Count} busy neighbours for {Seconds} s; {unreachable} members suspected another for a while, nobody ended, no partition moved"));
    }

    // Which worker runs which partitions.
    private static async Task<List<string>> PlacesAsync(EngineCluster cluster, CancellationToken cancellation)
    {
        List<string> places = [];
        foreach (var worker in cluster.Workers)
            places.Add(await worker.Process.StatusAsync(cancellation) is { } status ? $"{worker.Name}: {string.Join(' ', ShardStates.RunningPartitions(status).Order())}" : $"{worker.Name}: no answer");
        return places;
    }
}
