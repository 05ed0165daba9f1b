using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>The store is killed under load and stays away for a while; the engine goes on with the users it has in memory, and writes what it owes once the store is back.</summary>
internal sealed class StoreDownCase : FaultCase
{
    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>How long it stays away, s.</summary>
    public required int AwaySeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            for (var time = 1; time <= Times && run.Failures.Count == 0; time++)
            {
                await run.Servers.CassandraDownAsync(kill: true, cancellation);
                var atKill = await CommittedAsync(engine, cancellation);
                await Task.Delay(TimeSpan.FromSeconds(AwaySeconds), cancellation);
                var atReturn = await CommittedAsync(engine, cancellation);
                await run.Servers.CassandraUpAsync(cancellation);
                if (atReturn <= atKill) run.Fail($"{time}: nothing was committed in the {AwaySeconds} s without the store");
                else if (!await engine.WaitForAsync(s => ShardStates.Durable(s) >= atReturn, 1, run.Options.Patience, cancellation)) run.Fail($"{time}: what was owed was not written");
                else run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: {AwaySeconds} s without the store, {atReturn - atKill} events committed meanwhile"));
            }
        }

        return await run.JudgeAsync(cancellation);
    }

    private static async Task<long> CommittedAsync(EngineProcess engine, CancellationToken cancellation) =>
        await engine.StatusAsync(cancellation) is { } status ? ShardStates.Committed(status) : 0;
}
