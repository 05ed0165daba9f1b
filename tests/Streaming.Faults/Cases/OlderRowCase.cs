using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// Profiles leave memory and come back, and a read of one gets the row that an earlier read got although a newer one is durable, as a replica that missed writes would answer. The engine must know better.
/// </summary>
internal sealed class OlderRowCase : FaultCase
{
    /// <summary>Older rows to hand out.</summary>
    public required int Rows { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        // More in a row than the engine reads again (5): some profiles must be built anew from the log.
        var older = new OlderReplies(run.Seed, 8);
        await using var proxy = new CqlProxy(run.Options.CassandraProxyPort, run.Options.CassandraPort) { Older = older };
        proxy.Decide = static request => request.IsRead && request.IsOf("users") && request.Text.Contains(" IN ", StringComparison.Ordinal) ? CqlFate.Older : CqlFate.Pass;
        await run.Feeder.StartAsync(cancellation);
        run.StoreAddress = run.Options.CassandraProxy;
        // Few profiles in memory, so that rows are read again and again.
        run.More.AddRange(["--set", "Shard:MaxResidentUsers=100", "--set", "Shard:MaxCompactBytes=0", "--set", "Shard:ParkedRetry=300ms"]);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else if (!await engine.WaitForAsync(_ => older.Given >= Rows, 1, run.Options.Patience, cancellation)) run.Fail($"only {older.Given} of {Rows} older rows were asked for");
            proxy.Decide = static _ => CqlFate.Pass;
            for (var row = 1; row <= older.Given; row++) run.Fault($"older row {row} given for a newer one");
            if (!await engine.WaitForAsync(s => ShardStates.Parked(s) == 0, 1, run.Options.Patience, cancellation)) run.Fail("profiles stay held back though the store answers with their newest rows");
            run.Figures["older rows refused"] = await engine.MetricAsync("streaming_stale_rows_total", cancellation);
            run.Figures["profiles built anew"] = await engine.MetricAsync("streaming_users_rebuilt_total", cancellation);
            run.Figures["take-overs"] = await engine.MetricAsync("streaming_take_overs_total", cancellation);
            if (run.Figures["older rows refused"] == 0) run.Fail("the engine refused no row");
        }

        run.StoreAddress = run.Options.Cassandra;
        return await run.JudgeAsync(cancellation);
    }
}
