using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// One of the store's nodes after the other is killed under load, stays away for a while and comes back. The others are a quorum: rows are read and written all the while, and nobody waits long.
/// </summary>
internal sealed class StoreNodeCase : FaultCase
{
    private readonly Spread _noticed = new(), _back = new();

    /// <summary>How often each node is killed.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long it stays away, s: longer than the others need to take it for down.</summary>
    public required int AwaySeconds { get; init; }

    /// <summary>Longest time without a list that passes, s.</summary>
    public required double MaxPauseSeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        // Few profiles in memory, so that the store is read all the while and not only written to.
        run.More.AddRange(["--set", $"Cassandra:ReplicationFactor={StoreNodes}", "--set", "Shard:MaxResidentUsers=100", "--set", "Shard:MaxCompactBytes=0"]);
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            for (var kill = 1; kill <= run.AtMost(Rounds * StoreNodes) && run.Failures.Count == 0; kill++) await KillAsync(run, engine, kill, cancellation);
            if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
        }

        _noticed.Into(run.Figures, "kill until the other nodes took it for down");
        _back.Into(run.Figures, "start until the other nodes took it for up");
        return await run.JudgeAsync(cancellation);
    }

    private async Task KillAsync(CaseRun run, EngineProcess engine, int kill, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(500, 2500)), cancellation);
        var node = ((kill - 1) % StoreNodes) + 1;
        var (lists, away) = (ListWatch.Start(engine), TimeSpan.Zero);
        await using (lists) away = await TakeAwayAsync(run, engine, kill, node, cancellation);
        Note(run, kill, node, lists, away);
    }

    private async Task<TimeSpan> TakeAwayAsync(CaseRun run, EngineProcess engine, int kill, int node, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        await run.StoreNodes.KillAsync(node, cancellation);
        var watching = OutageWatch.WatchAsync(run, engine, TimeSpan.Zero, TimeSpan.FromSeconds(AwaySeconds), TimeSpan.FromSeconds(MaxPauseSeconds), null, cancellation);
        if (!await run.StoreNodes.IsTakenForAsync(node, up: false, run.Options.Patience, cancellation)) run.Fail($"kill {kill}: the others do not take node {node} for down ({run.StoreNodes.WordsOf(node)})");
        _noticed.Add(clock.Elapsed);
        if ((await watching).Finding is { } finding) run.Fail($"kill {kill}: without node {node} {finding}");
        // What is committed now becomes durable while it is still away.
        var committed = await ShardProgress.SumAsync(engine, ShardStates.Committed, cancellation);
        if (!await engine.WaitForAsync(s => ShardStates.Durable(s) >= committed, 1, run.Options.Patience, cancellation)) run.Fail($"kill {kill}: without node {node} rows are not written");
        var away = clock.Elapsed;
        clock.Restart();
        await run.StoreNodes.UpAsync(cancellation);
        // Before the next one is killed: two that are away leave no quorum.
        if (!await run.StoreNodes.IsTakenForAsync(node, up: true, run.Options.Patience, cancellation)) run.Fail($"kill {kill}: the others do not take node {node} for up again ({run.StoreNodes.WordsOf(node)})");
        _back.Add(clock.Elapsed);
        return away;
    }

    private void Note(CaseRun run, int kill, int node, ListWatch lists, TimeSpan away)
    {
        run.Figures["longest time without a list, s"] = Math.Max(run.Figures.GetValueOrDefault("longest time without a list, s"), Math.Round(lists.LongestPauseSeconds, 1));
        run.Figures["most profiles held back"] = Math.Max(run.Figures.GetValueOrDefault("most profiles held back"), lists.MostHeldBack);
        if (lists.LongestPauseSeconds > MaxPauseSeconds) run.Fail(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: no recommendation came for {lists.LongestPauseSeconds:0.0} s"));
        if (run.Failures.Count > 0) return;
        run.Fault(string.Create(CultureInfo.InvariantCulture,
            $"kill {kill}: node {node} away for {away.TotalSeconds:0} s, {lists.Given:0} lists until it was back, longest time without one {lists.LongestPauseSeconds:0.0} s, at most {lists.MostHeldBack} profiles held back"));
    }
}
