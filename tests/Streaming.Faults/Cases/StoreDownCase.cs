using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// The store, or as many of its nodes that no quorum is left, is killed under load and stays away for a while; the engine goes on with the users it has in memory, and writes what it owes once the store
/// is back.
/// </summary>
internal sealed class StoreDownCase : FaultCase
{
    private const double GrowthLimit = 0.5;
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(2);

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>How long it stays away, s.</summary>
    public required int AwaySeconds { get; init; }

    /// <summary>Nodes that are killed each time, of several in turn.</summary>
    public int Killed { get; init; } = 1;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.Figures["away each time, s"] = AwaySeconds;
        if (StoreNodes > 1) run.More.AddRange(["--set", $"Cassandra:ReplicationFactor={StoreNodes}"]);
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0; time++) await TakeAwayAsync(run, engine, time, cancellation);
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task TakeAwayAsync(CaseRun run, EngineProcess engine, int time, CancellationToken cancellation)
    {
        for (var i = 0; i < Killed; i++) await run.StoreNodes.KillAsync(((time + i - 1) % StoreNodes) + 1, cancellation);
        var (atKill, memory) = (await ShardProgress.SumAsync(engine, ShardStates.Committed, cancellation), engine.ResidentMiB);
        var (durable, most, dirty, resident) = (-1L, memory, 0L, 0L);
        var seen = await OutageWatch.WatchAsync(run, engine, UnderWay, TimeSpan.FromSeconds(AwaySeconds), OutageWatch.LongestPause, async () =>
        {
            most = Math.Max(most, engine.HasExited ? 0 : engine.ResidentMiB);
            if (await engine.StatusAsync(cancellation) is not { } status) return;
            if (durable < 0) durable = ShardStates.Durable(status); // what was under way has arrived by then
            (dirty, resident) = (Math.Max(dirty, ShardStates.Dirty(status)), Math.Max(resident, ShardStates.Resident(status)));
        }, cancellation);
        var (atReturn, written) = (await ShardProgress.SumAsync(engine, ShardStates.Committed, cancellation), await ShardProgress.SumAsync(engine, ShardStates.Durable, cancellation));
        if (written > durable) run.Fail($"{time}: events {durable} to {written} became durable: the store was not away");
        await run.StoreNodes.UpAsync(cancellation);
        var back = Stopwatch.StartNew();
        Note(run, $"{time}: events committed without the store", atReturn - atKill);
        seen.Into(run.Figures, $"{time}: without the store");
        Note(run, $"{time}: memory at the kill, MiB", memory);
        Note(run, $"{time}: most memory without the store, MiB", most);
        Note(run, $"{time}: most users with a row owed", dirty);
        Note(run, $"{time}: most users in memory", resident);
        if (seen.Finding is { } finding) run.Fail($"{time}: without the store {finding}");
        else if (most > memory * (1 + GrowthLimit)) run.Fail(string.Create(CultureInfo.InvariantCulture, $"{time}: memory grew from {memory:0} to {most:0} MiB without the store"));
        else if (!await engine.WaitForAsync(s => ShardStates.Durable(s) >= atReturn, 1, run.Options.Patience, cancellation)) run.Fail($"{time}: what was owed was not written");
        else if (!await engine.WaitForAsync(s => ShardStates.Parked(s) == 0, 1, run.Options.Patience, cancellation)) run.Fail($"{time}: profiles stay held back though the store is back");
        else
        {
            Note(run, $"{time}: time until all of it was written, s", back.Elapsed.TotalSeconds);
            run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: {AwaySeconds} s without the store, {atReturn - atKill} events committed and {seen.Lists.Given:0} lists meanwhile, never more than {seen.Lists.LongestPauseSeconds:0.0} s apart, every shard in each of {seen.Windows} windows; memory {memory:0} to at most {most:0} MiB, at most {dirty} rows owed"));
        }
    }

    private static void Note(CaseRun run, string name, double value) => run.Figures[name] = Math.Round(value, 1);
}
