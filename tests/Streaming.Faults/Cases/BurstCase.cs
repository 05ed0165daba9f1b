using System.Diagnostics;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// More events come than the engine can do, until so many bytes of them wait in Kafka, and then nothing at all. What waits there must not wait in the engine's memory: a small burst shows what it takes to be behind at all, a
/// great one may not take more, but for what prefetching and the runtime are allowed. The engine makes up for it, and goes on after the silence. How far it is behind is asked of the broker.
/// </summary>
internal sealed class BurstCase : FaultCase
{
    // Of what waits more in the great burst than in the small one memory may take a quarter: what is held for a partition is bounded by settings, but when the runtime collects is its own business.
    private const double MostShare = 0.25;
    private const double MiB = 1024 * 1024;
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20), Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Events a second that the shop tries to write while a burst lasts.</summary>
    public required int BurstPerSecond { get; init; }

    /// <summary>Bytes of each event that are ignored.</summary>
    public required int PadBytes { get; init; }

    /// <summary>How much is to wait in Kafka at the end of the small and of the great burst, MiB.</summary>
    public required (int Small, int Great) BacklogMiB { get; init; }

    /// <summary>Longest time that it may take to get there, s.</summary>
    public required int MostSeconds { get; init; }

    /// <summary>Length of the silence after it, s.</summary>
    public required int SilentSeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.Feeder.PadBytes = PadBytes;
        // Of batches that are under way too it is bytes that are bounded.
        run.More.AddRange([.. MemoryWatch.Settings, "--set", "Shard:MaxBatchBytes=2097152"]);
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await BurstsAsync(run, engine, cancellation);
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task BurstsAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        await using var memory = MemoryWatch.Start(engine);
        await Task.Delay(Usual, cancellation);
        var before = memory.TakeMost();
        // The small one may overshoot; the great one begins from there.
        if (await BurstAsync(run, engine, memory, "small", BacklogMiB.Small, cancellation) is not { } small) return;
        if (await BurstAsync(run, engine, memory, "great", small.BacklogMiB + BacklogMiB.Great - BacklogMiB.Small, cancellation) is not { } great) return;
        run.Figures["resident memory before, MiB"] = Math.Round(before);
        var (waited, grew) = (great.BacklogMiB - small.BacklogMiB, great.MemoryMiB - small.MemoryMiB);
        run.Figures["MiB that waited more in the great burst than in the small one"] = Math.Round(waited);
        run.Figures["MiB of growth of memory with it"] = Math.Round(grew);
        if (waited < BacklogMiB.Great - BacklogMiB.Small) run.Fail($"{waited:0} MiB more waited in the great burst than in the small one: the small one was none");
        else if (grew > waited * MostShare) run.Fail($"with {waited:0} MiB more waiting in Kafka resident memory grew from {small.MemoryMiB:0} to {great.MemoryMiB:0} MiB");
        if (run.Failures.Count > 0) return;
        await run.Feeder.PauseAsync(cancellation);
        await Task.Delay(TimeSpan.FromSeconds(SilentSeconds), cancellation);
        run.Feeder.Resume();
        if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after the silence {stuck}");
        else run.Fault($"{great.BacklogMiB:0} MiB waited in Kafka, {waited:0} more than before, and memory grew by {grew:0} MiB; made up for, and every shard went on after the silence");
    }

    // Null where it failed.
    private async Task<(double BacklogMiB, double MemoryMiB)?> BurstAsync(CaseRun run, EngineProcess engine, MemoryWatch memory, string name, double backlogMiB, CancellationToken cancellation)
    {
        var (clock, usual, fed, most) = (Stopwatch.StartNew(), run.Feeder.EventsPerSecond, run.Feeder.Fed, 0L);
        _ = memory.TakeMost();
        run.Feeder.EventsPerSecond = BurstPerSecond;
        for (; !engine.HasExited && WaitsMiB(run, most) < backlogMiB && clock.Elapsed.TotalSeconds < MostSeconds; await Task.Delay(Look, cancellation)) most = Math.Max(most, await run.LagAsync(cancellation));
        run.Feeder.EventsPerSecond = usual;
        var (took, until, isMadeUp) = (clock.Elapsed, Stopwatch.StartNew(), false);
        for (; !engine.HasExited && !isMadeUp && until.Elapsed < run.HealLimit; await Task.Delay(Look, cancellation))
        {
            var lag = await run.LagAsync(cancellation);
            // No more waits than what comes in a second or two, and the markers of transactions.
            (most, isMadeUp) = (Math.Max(most, lag), lag <= usual * 2);
        }

        var (waited, resident) = (WaitsMiB(run, most), memory.TakeMost());
        run.Figures[$"{name} burst: events fed"] = run.Feeder.Fed - fed;
        run.Figures[$"{name} burst: events behind at most, as the broker says"] = most;
        run.Figures[$"{name} burst: MiB of them"] = Math.Round(waited, 1);
        run.Figures[$"{name} burst: seconds until it was made up for"] = Math.Round(until.Elapsed.TotalSeconds, 1);
        run.Figures[$"{name} burst: resident memory at most, MiB"] = Math.Round(resident);
        run.Log($"{name} burst: {run.Feeder.Fed - fed} events fed, {most} behind at most ({waited:0} MiB) after {took.TotalSeconds:0.0} s, made up for {until.Elapsed.TotalSeconds:0.0} s later, memory at most {resident:0} MiB");
        if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
        else if (waited < backlogMiB) run.Fail($"the engine was never further behind than {most} events, {waited:0} MiB: no burst");
        else if (!isMadeUp) run.Fail($"{most} events behind at most, and the lag was not made up for");
        else return (waited, resident);
        return null;
    }

    private static double WaitsMiB(CaseRun run, long events) => events * run.Feeder.BytesARecord / MiB;
}
