using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>Writes end without an answer or with a time-out, and did or did not apply; now and then the engine is killed before it could repeat them.</summary>
internal sealed class UnclearWriteCase : FaultCase
{
    private const int Lives = 4;

    /// <summary>Whether the writes reach the node.</summary>
    public required bool IsApplied { get; init; }

    /// <summary>Writes of each life.</summary>
    public int WritesALife { get; init; } = 20;

    /// <summary>Share of writes that it happens to.</summary>
    public double Share { get; init; } = 0.25;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new CqlProxy(run.Options.CassandraProxyPort, run.Options.CassandraPort);
        // Unanswered writes are given up soon.
        run.More.AddRange(["--set", "Cassandra:RequestTimeoutMs=500"]);
        await run.Feeder.StartAsync(cancellation);
        run.StoreAddress = run.Options.CassandraProxy;
        for (var life = 1; life <= Lives && run.Failures.Count == 0; life++) await LiveAsync(run, proxy, life, cancellation);
        run.StoreAddress = run.Options.Cassandra;
        return await run.JudgeAsync(cancellation);
    }

    private async Task LiveAsync(CaseRun run, CqlProxy proxy, int life, CancellationToken cancellation)
    {
        using var engine = run.Start();
        if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation))
        {
            run.Fail($"life {life}: the engine did not start");
            return;
        }

        var (done, silent, random, gate) = (0, 0, new Random(run.Seed + life), new Lock());
        proxy.Decide = request =>
        {
            if (!request.IsWrite) return CqlFate.Pass;
            lock (gate)
            {
                if (done >= WritesALife || random.NextDouble() >= Share) return CqlFate.Pass;
                done++;
                var isSilent = random.Next(2) == 0;
                if (isSilent) silent++;
                return IsApplied ? (isSilent ? CqlFate.AppliedUnanswered : CqlFate.AppliedTimedOut) : isSilent ? CqlFate.LostUnanswered : CqlFate.LostTimedOut;
            }
        };
        var isDone = await engine.WaitForAsync(_ => Volatile.Read(ref done) >= WritesALife, 1, run.Options.Patience, cancellation);
        var retries = await engine.MetricAsync("streaming_store_retries_total", cancellation);
        engine.Kill(); // at once: the last of them are not repeated
        proxy.Decide = static _ => CqlFate.Pass;
        if (!isDone) run.Fail($"life {life}: only {done} of {WritesALife} writes came by");
        for (var write = 1; write <= done; write++) run.Fault($"life {life}: write {write} {(IsApplied ? "applied" : "lost")}, {(write <= silent ? "never answered" : "answered with a time-out")}");
        run.Figures["requests sent again"] = run.Figures.GetValueOrDefault("requests sent again") + retries;
    }
}
