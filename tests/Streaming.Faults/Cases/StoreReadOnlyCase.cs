using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;

namespace Streaming.Faults.Cases;

/// <summary>
/// The file system of the SQLite store turns read-only under the running engine. It goes on with the users in memory and says that nothing becomes durable; after the repair another process replays
/// what the store lacks. A process that is started on the read-only folder does not lose anything either.
/// </summary>
internal sealed class StoreReadOnlyCase : FaultCase
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3), UnderWay = TimeSpan.FromSeconds(2), Refused = TimeSpan.FromSeconds(30);

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>How long each time, s.</summary>
    public required int Seconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var folder = Path.Combine(run.Folder, "store");
        var disk = new LoopDisk(folder);
        try
        {
            disk.Mount();
            await run.Feeder.StartAsync(cancellation);
            for (var time = 1; time <= Times && run.Failures.Count == 0; time++)
            {
                using (var engine = run.Start()) await AbortAsync(run, engine, disk, folder, time, cancellation);
                disk.Repair();
                if (run.Failures.Count == 0) await StartAsync(run, disk, folder, time, cancellation);
            }

            return await run.JudgeAsync(cancellation);
        }
        finally
        {
            disk.Unmount();
        }
    }

    private async Task AbortAsync(CaseRun run, EngineProcess engine, LoopDisk disk, string folder, int time, CancellationToken cancellation)
    {
        if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation))
        {
            run.Fail($"{time}: the engine did not start");
            return;
        }

        await Task.Delay(Steady, cancellation);
        var failures = await FailuresAsync(engine, cancellation);
        disk.Abort();
        var seen = await OutageWatch.WatchAsync(run, engine, UnderWay, TimeSpan.FromSeconds(Seconds), OutageWatch.LongestPause, null, cancellation);
        var failed = await FailuresAsync(engine, cancellation) - failures;
        seen.Into(run.Figures, $"{time}: on a read-only disk");
        run.Figures[$"{time}: flushes that failed"] = failed;
        if (engine.HasExited) run.Fail($"{time}: the engine ended with {engine.ExitCode}");
        else if (failed <= 0) run.Fail($"{time}: no flush failed on a read-only disk");
        else if (seen.Finding is { } finding) run.Fail($"{time}: on a read-only disk {finding}");
        else if (await engine.StatusAsync(cancellation) is not { } status || !status.GetRawText().Contains(folder, StringComparison.Ordinal)) run.Fail($"{time}: /status does not name the file");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: read-only for {Seconds} s, {seen.Lists.Given:0} lists, never more than {seen.Lists.LongestPauseSeconds:0.0} s apart, {failed:0} flushes failed, /status names the file"));
    }

    private static async Task StartAsync(CaseRun run, LoopDisk disk, string folder, int time, CancellationToken cancellation)
    {
        disk.Remount(isReadOnly: true);
        var named = 0;
        using var engine = run.Start(heard: line => named += line.Contains(folder, StringComparison.Ordinal) ? 1 : 0);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Refused && !engine.HasExited; await Task.Delay(500, cancellation))
            if (await engine.ReadyAsync(cancellation) is { IsReady: true }) run.Log($"{time}: started on a read-only disk, it says that it is ready");
        if (named == 0) run.Fail($"{time}: started on a read-only disk, the engine does not name it");
        else if (!engine.HasExited)
        {
            // It waits: with the disk writable it must go on by itself.
            disk.Remount(isReadOnly: false);
            if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"{time}: after a start on a read-only disk {stuck}");
            else run.Fault($"{time}: started on a read-only disk it waited and named it, and went on once it could write");
        }
        else if (engine.ExitCode == 0) run.Fail($"{time}: started on a read-only disk, the engine ended as if nothing were wrong");
        else
        {
            disk.Remount(isReadOnly: false);
            run.Fault($"{time}: started on a read-only disk it named it and ended with {engine.ExitCode}");
        }
    }

    private static async Task<double> FailuresAsync(EngineProcess engine, CancellationToken cancellation) => await engine.MetricAsync("streaming_flush_failures_total", cancellation);
}
