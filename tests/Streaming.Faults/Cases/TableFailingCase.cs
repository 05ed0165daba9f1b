using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>One table after the other refuses its writes for a while, then the profiles' reads; the other tables work.</summary>
internal sealed class TableFailingCase : FaultCase
{
    private static readonly string[] Tables = ["users", "due", "due_buckets", "shards"];

    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(1);

    /// <summary>How long each fails, s.</summary>
    public int Seconds { get; init; } = 15;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new CqlProxy(run.Options.CassandraProxyPort, run.Options.CassandraPort);
        await run.Feeder.StartAsync(cancellation);
        run.StoreAddress = run.Options.CassandraProxy;
        // Not all fit into memory, so that there is always somebody to read; more than come to be owed while writes fail: a shard that owes more waits for the store on purpose (with 100, at 150 events a second, two of four did within 5 s).
        run.More.AddRange(["--set", "Shard:MaxResidentUsers=150", "--set", "Shard:MaxCompactBytes=0", "--set", "Shard:ParkedRetry=300ms"]);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 500, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            foreach (var table in Tables)
            {
                if (run.Failures.Count == 0) await FailAsync(run, engine, proxy, "writes of " + table, r => r.IsWrite && r.IsOf(table), mustOwe: true, cancellation);
            }

            foreach (var table in Tables)
            {
                if (run.Failures.Count == 0) await FailAsync(run, engine, proxy, "reads of " + table, r => r.IsRead && r.IsOf(table), mustOwe: false, cancellation);
            }
        }

        run.StoreAddress = run.Options.Cassandra;
        return await run.JudgeAsync(cancellation);
    }

    private async Task FailAsync(CaseRun run, EngineProcess engine, CqlProxy proxy, string what, Func<CqlRequest, bool> concerns, bool mustOwe, CancellationToken cancellation)
    {
        var (refused, before) = (0, await StateAsync(engine, cancellation));
        // By turns as a replica's failure and as the coordinator's.
        proxy.Decide = request => !concerns(request) ? CqlFate.Pass : Interlocked.Increment(ref refused) % 2 == 0 ? CqlFate.Refused : CqlFate.ServerError;
        var seen = await OutageWatch.WatchAsync(run, engine, UnderWay, TimeSpan.FromSeconds(Seconds), OutageWatch.LongestPause, null, cancellation);
        var after = await StateAsync(engine, cancellation);
        proxy.Decide = static _ => CqlFate.Pass;
        if (seen.Finding is { } finding) run.Fail($"{what}: while they failed {finding}");
        if (!await engine.WaitForAsync(s => ShardStates.Durable(s) >= after.Committed && ShardStates.Parked(s) == 0, 1, run.Options.Patience, cancellation)) run.Fail($"{what}: what was owed was not written");
        else if (refused > 0) run.Fault(string.Create(CultureInfo.InvariantCulture, $"{what} failed for {Seconds} s: {refused} requests, {after.Committed - before.Committed} events committed meanwhile, every shard in each of {seen.Windows} windows, {after.Parked} profiles held back"));
        else if (mustOwe) run.Fail($"{what}: none came by");
        else run.Log($"{what}: none came by");
        run.Figures[$"events committed while {what} failed"] = after.Committed - before.Committed;
        run.Figures["longest time without a list, s"] = Math.Max(run.Figures.GetValueOrDefault("longest time without a list, s"), Math.Round(seen.Lists.LongestPauseSeconds, 1));
    }

    private static async Task<(long Committed, long Parked)> StateAsync(EngineProcess engine, CancellationToken cancellation) =>
        (await ShardProgress.SumAsync(engine, ShardStates.Committed, cancellation), await ShardProgress.SumAsync(engine, ShardStates.Parked, cancellation));
}
