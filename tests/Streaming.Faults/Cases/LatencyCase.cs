using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>An engine that has some users in memory meets a store whose round trips take longer, up to more than any limit; those users are scored all the same, and the others are held back.</summary>
internal sealed class LatencyCase : FaultCase
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(25);

    // Some users are in memory by then, the others are absent.
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(2);

    /// <summary>Longest time without a list, and least length of a window in which every shard commits, that the engine may take: its budget for the store, and what this machine adds.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Latencies, and how long each lasts.</summary>
    public required IReadOnlyList<(TimeSpan Latency, TimeSpan Lasts)> Steps { get; init; }

    /// <summary>Settings of the engine.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new CqlProxy(run.Options.CassandraProxyPort, run.Options.CassandraPort);
        await run.Feeder.StartAsync(cancellation);
        run.StoreAddress = run.Options.CassandraProxy;
        run.More.AddRange(Settings.SelectMany(s => (string[])["--set", s]));
        using (var engine = run.Start())
        {
            if (await IsReadyAsync(run, engine, cancellation)) await MeasureAsync(run, engine, "no latency", Warm, cancellation);
        }

        foreach (var (latency, lasts) in Steps)
        {
            if (run.Failures.Count > 0) break;
            using var engine = run.Start();
            if (!await IsReadyAsync(run, engine, cancellation)) break;
            await Task.Delay(Known, cancellation);
            proxy.Latency = latency;
            var name = string.Create(CultureInfo.InvariantCulture, $"+{latency.TotalSeconds:0.#} s");
            var seen = await MeasureAsync(run, engine, name, lasts, cancellation);
            if (seen.Finding is { } finding) run.Fail($"{name}: {finding}");
            if (latency > LongestPause && seen.Lists.MostHeldBack == 0) run.Fail($"{name}: nobody was held back, so that nobody's row was late");
            proxy.Latency = TimeSpan.Zero;
            var owed = await ShardProgress.SumAsync(engine, ShardStates.Committed, cancellation);
            if (!await engine.WaitForAsync(s => ShardStates.Durable(s) >= owed && ShardStates.Parked(s) == 0, 1, run.Options.Patience, cancellation)) run.Fail($"{name}: what was owed was not written afterwards");
            else run.Fault($"{name} for {lasts.TotalSeconds:0} s");
        }

        run.StoreAddress = run.Options.Cassandra;
        return await run.JudgeAsync(cancellation);
    }

    private static async Task<bool> IsReadyAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        if (await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) return true;
        run.Fail("the engine did not start");
        return false;
    }

    private async Task<OutageWatch> MeasureAsync(CaseRun run, EngineProcess engine, string name, TimeSpan lasts, CancellationToken cancellation)
    {
        var seen = await OutageWatch.WatchAsync(run, engine, TimeSpan.Zero, lasts, LongestPause, null, cancellation);
        var lists = seen.Lists;
        run.Figures[$"{name}: lists a second"] = Math.Round(lists.GivenPerSecond, 1);
        run.Figures[$"{name}: longest time without a list, s"] = Math.Round(lists.LongestPauseSeconds, 1);
        run.Figures[$"{name}: most profiles held back"] = lists.MostHeldBack;
        run.Log(string.Create(CultureInfo.InvariantCulture, $"{name}: {lists.Given:0} lists in {lasts.TotalSeconds:0} s, longest time without one {lists.LongestPauseSeconds:0.0} s, at most {lists.MostHeldBack} profiles held back"));
        return seen;
    }
}
