using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>The only broker is away for long, at the engine's start and in mid-run: the process lives, says that it is not ready, grows no memory, and goes on by itself.</summary>
internal sealed class BrokerDownCase : FaultCase
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>How long the broker is away each time, s.</summary>
    public required int AwaySeconds { get; init; }

    /// <summary>Greatest growth of resident memory during an outage, MiB.</summary>
    public double MaxGrowthMiB { get; init; } = 64;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        await run.Brokers.DownAsync(kill: true, cancellation);
        using (var engine = run.Start())
        {
            await OutageAsync(run, engine, "at start", cancellation);
            if (run.Failures.Count == 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(10), cancellation); // some work between, so that memory is what it is under load
                await run.Brokers.DownAsync(kill: true, cancellation);
                await OutageAsync(run, engine, "in mid-run", cancellation);
            }
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task OutageAsync(CaseRun run, EngineProcess engine, string when, CancellationToken cancellation)
    {
        var (first, greatest, notReady, asked) = (0.0, 0.0, 0, 0);
        Dictionary<int, long> before = [];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var settled = TimeSpan.FromSeconds(AwaySeconds / 4.0);
        while (clock.Elapsed < TimeSpan.FromSeconds(AwaySeconds) && !engine.HasExited)
        {
            await Task.Delay(Step, cancellation);
            if (clock.Elapsed < settled) continue; // it notices, and what was under way fails
            asked++;
            if (await engine.ReadyAsync(cancellation) is { IsReady: false }) notReady++;
            greatest = Math.Max(greatest, engine.ResidentMiB);
            if (first == 0) first = engine.ResidentMiB;
            // What was under way when the broker went is known by then: whatever is beyond it was committed after its return.
            if (await engine.StatusAsync(cancellation) is { } status) before = ShardStates.CommittedOf(status);
        }

        if (engine.HasExited) run.Fail($"{when}: the engine ended with {engine.ExitCode} while the broker was away");
        else if (asked == 0 || notReady < asked) run.Fail($"{when}: /health/ready said not ready {notReady} of {asked} times");
        else if (greatest - first > MaxGrowthMiB) run.Fail(string.Create(CultureInfo.InvariantCulture, $"{when}: resident memory grew from {first:0} to {greatest:0} MiB"));
        run.Figures[$"{when}: resident memory when the outage had settled, MiB"] = Math.Round(first, 1);
        run.Figures[$"{when}: greatest growth during it, MiB"] = Math.Round(greatest - first, 1);
        var back = System.Diagnostics.Stopwatch.StartNew();
        await run.Brokers.UpAsync(cancellation);
        if (engine.HasExited || run.Failures.Count > 0) return;
        if (await ShardProgress.StuckAsync(run, engine, before, cancellation) is { } stuck)
        {
            run.Fail($"{when}: the engine did not come back by itself: {stuck}");
            return;
        }

        if (!await IsReadyAsync(run, engine, cancellation))
        {
            run.Fail($"{when}: every shard went on, and /health/ready still said not ready");
            return;
        }

        run.Figures[$"{when}: ready again after the broker's start began, s"] = Math.Round(back.Elapsed.TotalSeconds, 1);
        run.Fault(string.Create(CultureInfo.InvariantCulture, $"{when}: broker away for {AwaySeconds} s (30 min shortened), not ready {notReady} of {asked} times asked, memory {first:0} MiB and at most {greatest - first:0.0} more, ready and every shard committing {back.Elapsed.TotalSeconds:0.0} s after the broker's start began"));
    }

    private static async Task<bool> IsReadyAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); clock.Elapsed < run.Options.Patience && !engine.HasExited; await Task.Delay(200, cancellation))
            if (await engine.ReadyAsync(cancellation) is { IsReady: true }) return true;
        return false;
    }
}
