using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// Of two workers and a witness one worker is asked to end; it flushes and hands its partitions over. Measured for each: from the last output of the old owner to the first
/// of the new one, as a reader of committed records gets them. The two workers take turns.
/// </summary>
internal sealed class HandOverCase : FaultCase
{
    private readonly Spread _gap = new(), _sinceHandedOff = new(), _drain = new();

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>Greatest median that passes, s.</summary>
    public double BarSeconds { get; init; } = 1;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        await using (var outputs = await OutputWatch.StartAsync(run.Bootstrap, run.Prefix, run.Options.Partitions, cancellation))
        using (var cluster = run.Cluster())
        {
            if (!await cluster.StartAsync(run.Options.Patience, cancellation)) run.Fail("the cluster did not come up");
            for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0; time++)
            {
                await StopAsync(run, cluster, outputs, time, cancellation);
                if (run.Failures.Count == 0 && !await cluster.SettleAsync(run.Options.Patience, cancellation)) run.Fail($"stop {time}: the stopped node did not become a member again");
            }

            run.Figures["members removed without cause and started again"] = cluster.Restarts;
        }

        _gap.Into(run.Figures, "last output of the old owner to first of the new one");
        _sinceHandedOff.Into(run.Figures, "handed off to running elsewhere");
        _drain.Into(run.Figures, "SIGTERM to end of the process");
        if (_gap.Percentile(50) > BarSeconds) run.Fail(string.Create(CultureInfo.InvariantCulture, $"the median of {_gap.Percentile(50):0.00} s is above {BarSeconds:0.0} s"));
        return await run.JudgeAsync(cancellation);
    }

    private async Task StopAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, int time, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(1000, 2500)), cancellation);
        var leaver = cluster.Workers[time % cluster.Workers.Count];
        var heir = cluster.Workers.Single(w => w != leaver);
        if (await leaver.Process.StatusAsync(cancellation) is not { } status || ShardStates.RunningPartitions(status) is not { Length: > 0 } partitions)
        {
            run.Fail($"stop {time}: {leaver.Name} runs no shard");
            return;
        }

        var at = DateTime.UtcNow;
        Signals.SendTerminate(leaver.Process.Id);
        var slowest = TimeSpan.Zero;
        foreach (var partition in partitions)
        {
            DateTime? runs = null;
            for (var end = DateTime.UtcNow + run.Options.Patience; runs is null && DateTime.UtcNow < end; await Task.Delay(50, cancellation)) runs = heir.Log.FirstAfter(at, $"Shard {partition} runs");
            if (runs is null || await outputs.FirstAfterAsync(partition, runs.Value, run.Options.Patience, cancellation) is not { } first || outputs.LastBefore(partition, runs.Value) is not { } last)
            {
                run.Fail($"stop {time} of {leaver.Name}: partition {partition} {(runs is null ? "was not taken over" : "gives no output")}");
                return;
            }

            _gap.Add(first - last);
            if (leaver.Log.FirstAfter(at, $"Shard {partition} committed, flushed and handed off") is { } handedOff) _sinceHandedOff.Add(runs.Value - handedOff);
            if (first - last > slowest) slowest = first - last;
        }

        if (!await leaver.Process.WaitForExitAsync(run.Options.Patience, cancellation)) run.Fail($"stop {time}: {leaver.Name} did not end");
        else if (leaver.Process.ExitCode != 0) run.Fail($"stop {time}: {leaver.Name} ended with {leaver.Process.ExitCode}");
        _drain.Add(DateTime.UtcNow - at);
        run.Fault(string.Create(CultureInfo.InvariantCulture, $"stop {time}: {leaver.Name} with partitions {string.Join(", ", partitions)}, longest pause of their outputs {slowest.TotalSeconds:0.00} s"));
        cluster.Start(leaver);
    }
}
