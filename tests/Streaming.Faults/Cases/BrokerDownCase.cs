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

    /// <summary>Most that the engine's managed heap may take, MiB: it ends where it needs more. Without a limit the runtime lets garbage lie, and resident memory says little of what is held.</summary>
    public required int ManagedMiB { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.More.AddRange(MemoryWatch.Settings);
        await run.Feeder.StartAsync(cancellation);
        await run.Brokers.DownAsync(kill: true, cancellation);
        using (var engine = run.Start(environment: MemoryWatch.Limit(ManagedMiB)))
        {
            await using var memory = MemoryWatch.Start(engine);
            await OutageAsync(run, engine, memory, "at start", cancellation);
            var atStart = memory.MostMiB;
            if (run.Failures.Count == 0)
            {
                var underLoad = await memory.SettleAsync(cancellation);
                // There is nothing before a start to measure by: what waits for its broker takes no more than what works.
                run.Figures["at start: most resident memory until it was back, MiB"] = Math.Round(atStart, 1);
                if (MemoryWatch.Finding(underLoad, atStart) is { } finding) run.Fail($"at start, against later under load: {finding}");
                await run.Brokers.DownAsync(kill: true, cancellation);
                await OutageAsync(run, engine, memory, "in mid-run", cancellation);
                memory.Judge(run);
            }
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task OutageAsync(CaseRun run, EngineProcess engine, MemoryWatch memory, string when, CancellationToken cancellation)
    {
        var (notReady, asked) = (0, 0);
        Dictionary<int, long> before = [];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var settled = TimeSpan.FromSeconds(AwaySeconds / 4.0);
        while (clock.Elapsed < TimeSpan.FromSeconds(AwaySeconds) && !engine.HasExited)
        {
            await Task.Delay(Step, cancellation);
            if (clock.Elapsed < settled) continue; // it notices, and what was under way fails
            asked++;
            if (await engine.ReadyAsync(cancellation) is { IsReady: false }) notReady++;
            // What was under way when the broker went is known by then: whatever is beyond it was committed after its return.
            if (await engine.StatusAsync(cancellation) is { } status) before = ShardStates.CommittedOf(status);
        }

        if (engine.HasExited) run.Fail($"{when}: the engine ended with {engine.ExitCode} while the broker was away");
        else if (asked == 0 || notReady < asked) run.Fail($"{when}: /health/ready said not ready {notReady} of {asked} times");
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
        run.Fault(string.Create(CultureInfo.InvariantCulture, $"{when}: broker away for {AwaySeconds} s (30 min shortened), not ready {notReady} of {asked} times asked, at most {memory.MostMiB:0} MiB resident, ready and every shard committing {back.Elapsed.TotalSeconds:0.0} s after the broker's start began"));
    }

    private static async Task<bool> IsReadyAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); clock.Elapsed < run.Options.Patience && !engine.HasExited; await Task.Delay(200, cancellation))
            if (await engine.ReadyAsync(cancellation) is { IsReady: true }) return true;
        return false;
    }
}
