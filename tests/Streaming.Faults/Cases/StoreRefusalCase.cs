using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>The store refuses for load, then for the size of what is sent. Neither costs an event: commits go on, and what is owed is written once the store takes it.</summary>
internal sealed class StoreRefusalCase : FaultCase
{
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(2);

    /// <summary>How long each refusal lasts, s.</summary>
    public required int Seconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new CqlProxy(run.Options.CassandraProxyPort, run.Options.CassandraPort);
        run.More.AddRange(["--set", "Shard:ParkedRetry=300ms"]);
        await run.Feeder.StartAsync(cancellation);
        run.StoreAddress = run.Options.CassandraProxy;
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 500, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await RefuseAsync(run, engine, proxy, "as overloaded", r => r.IsRead || r.IsWrite, CqlFate.Overloaded, cancellation);
            if (run.Failures.Count == 0) await RefuseAsync(run, engine, proxy, "batches as too large", r => r.IsBatch, CqlFate.TooLarge, cancellation);
        }

        run.StoreAddress = run.Options.Cassandra;
        return await run.JudgeAsync(cancellation);
    }

    private async Task RefuseAsync(CaseRun run, EngineProcess engine, CqlProxy proxy, string what, Func<CqlRequest, bool> concerns, CqlFate fate, CancellationToken cancellation)
    {
        var (refused, failures) = (0, await FailuresAsync(engine, cancellation));
        proxy.Decide = request =>
        {
            if (!concerns(request)) return CqlFate.Pass;
            Interlocked.Increment(ref refused);
            return fate;
        };
        var seen = await OutageWatch.WatchAsync(run, engine, UnderWay, TimeSpan.FromSeconds(Seconds), OutageWatch.LongestPause, null, cancellation);
        var failed = await FailuresAsync(engine, cancellation) - failures;
        proxy.Decide = static _ => CqlFate.Pass;
        var owed = await ShardProgress.SumAsync(engine, ShardStates.Committed, cancellation);
        seen.Into(run.Figures, $"refused {what}");
        run.Figures[$"requests refused {what}"] = refused;
        run.Figures[$"flushes that failed while it refused {what}"] = failed;
        if (engine.HasExited) run.Fail($"{what}: the engine ended with {engine.ExitCode}");
        else if (refused == 0) run.Fail($"{what}: none came by");
        else if (seen.Finding is { } finding) run.Fail($"{what}: while they were refused {finding}");
        else if (!await engine.WaitForAsync(s => ShardStates.Durable(s) >= owed && ShardStates.Parked(s) == 0, 1, run.Options.Patience, cancellation)) run.Fail($"{what}: what was owed was not written");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"refused {what} for {Seconds} s: {refused} requests, {failed:0} flushes failed; every shard committed in each of {seen.Windows} windows, all was written afterwards"));
    }

    private static async Task<double> FailuresAsync(EngineProcess engine, CancellationToken cancellation) => await engine.MetricAsync("streaming_flush_failures_total", cancellation);
}
