using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>The store's data are replaced by a copy of thousands of events ago, first under the running engine, then while the engine is down too: the rows that are missing are built from the log.</summary>
internal sealed class RolledBackCase : FaultCase
{
    private const string Replayed = "streaming_replayed_events_total";

    /// <summary>Events between the copy and each roll-back.</summary>
    public required int Events { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var copy = Path.Combine(run.Folder, "earlier");
        await run.Feeder.StartAsync(cancellation);
        var engine = run.Start();
        try
        {
            var then = await SaveAsync(run, engine, copy, cancellation);
            if (run.Failures.Count == 0) await RunningAsync(run, engine, copy, then, cancellation);
            if (run.Failures.Count == 0) engine = await StoppedAsync(run, engine, copy, then, cancellation);
        }
        finally
        {
            engine.Dispose();
        }

        return await run.JudgeAsync(cancellation);
    }

    private static async Task<long> SaveAsync(CaseRun run, EngineProcess engine, string copy, CancellationToken cancellation)
    {
        if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 1000, 1, run.Options.Patience, cancellation))
        {
            run.Fail("the engine did not start");
            return 0;
        }

        await run.Servers.CassandraDownAsync(kill: false, cancellation);
        await run.Servers.SaveCassandraAsync(copy, cancellation);
        await run.Servers.CassandraUpAsync(cancellation);
        var then = await engine.StatusAsync(cancellation) is { } status ? ShardStates.Durable(status) : 0;
        run.Log($"copied where {then} events were durable");
        return then;
    }

    private async Task RunningAsync(CaseRun run, EngineProcess engine, string copy, long then, CancellationToken cancellation)
    {
        if (!await GotAheadAsync(run, engine, then + Events, cancellation)) return;
        var before = await engine.MetricAsync(Replayed, cancellation);
        await RollBackAsync(run, copy, cancellation);
        if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after the roll-back: {stuck}");
        var noticed = await WaitForReplayAsync(run, engine, before + (Events / 2), cancellation);
        var replayed = await engine.MetricAsync(Replayed, cancellation) - before;
        run.Figures["events replayed by the running engine"] = replayed;
        if (!noticed) run.Fail($"the running engine did not notice that the store was rolled back by {Events} events: it replayed {replayed}");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"rolled back by {Events} events under the running engine, which replayed {replayed}"));
    }

    private async Task<EngineProcess> StoppedAsync(CaseRun run, EngineProcess engine, string copy, long then, CancellationToken cancellation)
    {
        if (!await GotAheadAsync(run, engine, then + Events + 1000, cancellation)) return engine;
        engine.Dispose();
        await RollBackAsync(run, copy, cancellation);
        var next = run.Start();
        if (!await next.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start on the store rolled back");
        var replayed = await next.MetricAsync(Replayed, cancellation);
        run.Figures["events replayed at the start"] = replayed;
        if (replayed < Events) run.Fail($"rolled back by more than {Events} events while the engine was down, and only {replayed} were replayed");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"rolled back by more than {Events} events while the engine was down; {replayed} replayed"));
        return next;
    }

    private static async Task RollBackAsync(CaseRun run, string copy, CancellationToken cancellation)
    {
        await run.Servers.CassandraDownAsync(kill: true, cancellation);
        await run.Servers.RollCassandraBackAsync(copy, cancellation);
        await run.Servers.CassandraUpAsync(cancellation);
    }

    private static async Task<bool> GotAheadAsync(CaseRun run, EngineProcess engine, long events, CancellationToken cancellation)
    {
        if (await engine.WaitForAsync(s => ShardStates.Durable(s) >= events, 1, run.Options.Patience + run.Options.Patience, cancellation)) return true;
        run.Fail($"{events} events did not become durable");
        return false;
    }

    private static async Task<bool> WaitForReplayAsync(CaseRun run, EngineProcess engine, double least, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < run.Options.Patience / 4 && !engine.HasExited)
        {
            if (await engine.MetricAsync(Replayed, cancellation) >= least) return true;
            await Task.Delay(500, cancellation);
        }

        return false;
    }
}
