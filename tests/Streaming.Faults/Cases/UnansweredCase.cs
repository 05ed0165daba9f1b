using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>A small share of all requests to the store gets no answer, for long. Scoring goes on for users in memory, and what waits for an answer that never comes holds no thread.</summary>
internal sealed class UnansweredCase : FaultCase
{
    // What the runtime adds by itself under another load; a thread for each request that waits would be hundreds.
    private const int MoreThreads = 40, LuckyWindows = 3;

    /// <summary>Share of requests.</summary>
    public required double Share { get; init; }

    /// <summary>Windows, in each of which every shard must commit.</summary>
    public required int Windows { get; init; }

    /// <summary>Length of one, s.</summary>
    public required int WindowSeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new CqlProxy(run.Options.CassandraProxyPort, run.Options.CassandraPort);
        // Not all fit into memory, so that there is always somebody to read; more than are owed while a write waits for its repetition: beyond that a shard waits for the store on purpose.
        run.More.AddRange(["--set", "Shard:MaxResidentUsers=150", "--set", "Shard:MaxCompactBytes=0"]);
        await run.Feeder.StartAsync(cancellation);
        run.StoreAddress = run.Options.CassandraProxy;
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 500, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await DropAsync(run, engine, proxy, cancellation);
        }

        run.StoreAddress = run.Options.Cassandra;
        return await run.JudgeAsync(cancellation);
    }

    private async Task DropAsync(CaseRun run, EngineProcess engine, CqlProxy proxy, CancellationToken cancellation)
    {
        var (reads, writes, requests, random, gate) = (0, 0, 0, new Random(run.Seed), new Lock());
        var (threads, most) = (engine.Threads, 0);
        proxy.Decide = request =>
        {
            if (!request.IsRead && !request.IsWrite) return CqlFate.Pass;
            lock (gate)
            {
                requests++;
                if (random.NextDouble() >= Share) return CqlFate.Pass;
                if (request.IsRead) reads++;
                else writes++;
                return random.Next(2) == 0 ? CqlFate.AppliedUnanswered : CqlFate.LostUnanswered;
            }
        };
        for (var window = 1; window <= Windows && run.Failures.Count == 0; window++)
        {
            var (positions, lists, dropped) = (await ShardProgress.PositionsAsync(engine, cancellation), await ListsAsync(engine, cancellation), reads + writes);
            // A store that is asked little may be lucky for a while.
            for (var second = 0; second < WindowSeconds || (second < LuckyWindows * WindowSeconds && reads + writes == dropped); second++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
                most = Math.Max(most, engine.Threads);
            }

            if (engine.HasExited) run.Fail($"window {window}: the engine ended with {engine.ExitCode}");
            else if (await ShardProgress.StoodAsync(run, engine, positions, cancellation) is { } stood) run.Fail($"window {window}: {stood}");
            else if (lists <= 0) run.Fail($"window {window}: the engine did not say how many lists it had given");
            else if (await ListsAsync(engine, cancellation) <= lists) run.Fail($"window {window}: no list came in {WindowSeconds} s");
            else if (reads + writes == dropped) run.Fail($"window {window}: no request was left without an answer");
            else run.Fault($"window {window}: {reads + writes - dropped} requests without an answer; every shard committed and lists came");
        }

        proxy.Decide = static _ => CqlFate.Pass;
        run.Figures["requests to the store"] = requests;
        run.Figures["reads without an answer"] = reads;
        run.Figures["writes without an answer"] = writes;
        run.Figures["threads before"] = threads;
        run.Figures["threads at most"] = most;
        if (most > threads + MoreThreads) run.Fail(string.Create(CultureInfo.InvariantCulture, $"threads rose from {threads} to {most}"));
        if (reads == 0 || writes == 0) run.Fail($"{reads} reads and {writes} writes were left without an answer: both kinds are needed");
        var owed = await engine.StatusAsync(cancellation) is { } status ? ShardStates.Committed(status) : 0;
        if (run.Failures.Count == 0 && !await engine.WaitForAsync(s => ShardStates.Durable(s) >= owed && ShardStates.Parked(s) == 0, 1, run.Options.Patience, cancellation)) run.Fail("what was owed was not written");
    }

    private static async Task<double> ListsAsync(EngineProcess engine, CancellationToken cancellation) => await engine.MetricAsync("streaming_recommendations_total", cancellation);
}
