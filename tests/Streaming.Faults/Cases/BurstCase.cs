using System.Diagnostics;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>A hundred times the usual rate for a while, then nothing at all. What the engine cannot do at once waits in Kafka and not in its memory; it makes up for it, and goes on after the silence.</summary>
internal sealed class BurstCase : FaultCase
{
    // A batch in each stage and the item index's growth by what it learned; a burst held in memory would be far more than that of so short a life.
    private const double GrowthLimit = 0.6;
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    /// <summary>Events a second of the burst.</summary>
    public required int BurstPerSecond { get; init; }

    /// <summary>Its length, s.</summary>
    public required int BurstSeconds { get; init; }

    /// <summary>Length of the silence after it, s.</summary>
    public required int SilentSeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await BurstAsync(run, engine, cancellation);
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task BurstAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        await Task.Delay(Usual, cancellation);
        var (resident, most, lag, usual, fed) = (engine.ResidentMiB, 0.0, 0L, run.Feeder.EventsPerSecond, run.Feeder.Fed);
        var (clock, isMadeUp) = (Stopwatch.StartNew(), false);
        run.Feeder.EventsPerSecond = BurstPerSecond;
        await WatchAsync(() => clock.Elapsed.TotalSeconds < BurstSeconds);
        run.Feeder.EventsPerSecond = usual;
        fed = run.Feeder.Fed - fed;
        var until = Stopwatch.StartNew();
        isMadeUp = false;
        await WatchAsync(() => !isMadeUp && until.Elapsed < run.HealLimit);
        run.Figures["events fed in the burst"] = fed;
        run.Figures["longest lag, events"] = lag;
        run.Figures["seconds until the lag was made up for"] = Math.Round(until.Elapsed.TotalSeconds, 1);
        run.Figures["resident memory before, MiB"] = Math.Round(resident);
        run.Figures["resident memory at most, MiB"] = Math.Round(most);
        if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
        else if (fed < (long)BurstPerSecond * BurstSeconds / 2) run.Fail($"only {fed} events were fed: no burst");
        else if (!isMadeUp) run.Fail($"{lag} events behind at most, and the lag was not made up for");
        else if (most > resident * (1 + GrowthLimit)) run.Fail($"its memory grew from {resident:0} to {most:0} MiB");
        else
        {
            await run.Feeder.PauseAsync(cancellation);
            await Task.Delay(TimeSpan.FromSeconds(SilentSeconds), cancellation);
            run.Feeder.Resume();
            if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after the silence {stuck}");
            else run.Fault($"{fed} events in {BurstSeconds} s, {lag} behind at most, made up for in {until.Elapsed.TotalSeconds:0.0} s, {resident:0} to {most:0} MiB; every shard went on after the silence");
        }

        async Task WatchAsync(Func<bool> goesOn)
        {
            for (; goesOn() && !engine.HasExited; await Task.Delay(200, cancellation))
            {
                most = Math.Max(most, engine.ResidentMiB);
                if (await engine.StatusAsync(cancellation) is not { } status) continue;
                lag = Math.Max(lag, ShardStates.Lag(status));
                // No more waits than what comes in a second or two.
                isMadeUp = ShardStates.Lag(status) <= usual * 2;
            }
        }
    }
}
