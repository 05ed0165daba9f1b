using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;

namespace Streaming.Faults.Cases;

/// <summary>The engine's own disk, with the SQLite store, is filled to the last byte under load. It goes on with the users in memory and says that nothing becomes durable; once there is room it writes what it owes.</summary>
internal sealed class StoreDiskCase : FaultCase
{
    private const int DiskMiB = 48;
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3), UnderWay = TimeSpan.FromSeconds(2);

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>How long each time, s.</summary>
    public required int FullSeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var disk = new SmallDisk(Path.Combine(run.Folder, "store"));
        disk.Mount(DiskMiB);
        try
        {
            await run.Feeder.StartAsync(cancellation);
            using (var engine = run.Start())
            {
                if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
                for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0; time++) await FillAsync(run, engine, disk, time, cancellation);
            }

            return await run.JudgeAsync(cancellation);
        }
        finally
        {
            disk.Unmount();
        }
    }

    private async Task FillAsync(CaseRun run, EngineProcess engine, SmallDisk disk, int time, CancellationToken cancellation)
    {
        await Task.Delay(Steady, cancellation);
        var (committed, failures) = (await CommittedAsync(engine, cancellation), await FailuresAsync(engine, cancellation));
        var free = disk.FreeBytes;
        disk.Fill();
        // What the store frees for itself is filled again: its file may shrink or its log begin anew.
        var seen = await OutageWatch.WatchAsync(run, engine, UnderWay, TimeSpan.FromSeconds(FullSeconds), OutageWatch.LongestPause, () =>
        {
            disk.Fill();
            return Task.CompletedTask;
        }, cancellation);
        if (engine.HasExited)
        {
            run.Fail($"{time}: the engine ended with {engine.ExitCode}");
            return;
        }

        var (meanwhile, failed) = (await CommittedAsync(engine, cancellation) - committed, await FailuresAsync(engine, cancellation) - failures);
        var said = await engine.StatusAsync(cancellation) is { } status && status.GetRawText().Contains("is full", StringComparison.Ordinal);
        disk.Free();
        var back = Stopwatch.StartNew();
        run.Figures[$"{time}: room taken, MiB"] = Math.Round(free / 1048576.0, 1);
        run.Figures[$"{time}: events committed on a full disk"] = meanwhile;
        seen.Into(run.Figures, $"{time}: on a full disk");
        run.Figures[$"{time}: flushes that failed"] = failed;
        if (failed <= 0) run.Fail($"{time}: no flush failed on a full disk");
        else if (seen.Finding is { } finding) run.Fail($"{time}: on a full disk {finding}");
        else if (!await engine.WaitForAsync(s => ShardStates.Durable(s) >= committed + meanwhile, 1, run.Options.Patience, cancellation)) run.Fail($"{time}: what was owed was not written");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: full for {FullSeconds} s, {meanwhile} events committed, {seen.Lists.Given:0} lists, never more than {seen.Lists.LongestPauseSeconds:0.0} s apart, {failed:0} flushes failed{(said ? ", /status names the disk" : "")}; all written {back.Elapsed.TotalSeconds:0.0} s after there was room"));
        if (!said) run.Fail($"{time}: /status does not name the disk");
    }

    private static async Task<double> FailuresAsync(EngineProcess engine, CancellationToken cancellation) => await engine.MetricAsync("streaming_flush_failures_total", cancellation);

    private static Task<long> CommittedAsync(EngineProcess engine, CancellationToken cancellation) => ShardProgress.SumAsync(engine, ShardStates.Committed, cancellation);
}
