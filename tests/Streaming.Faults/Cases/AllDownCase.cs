using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>Broker, store and engine are killed together and started in every order; the engine waits for what is missing.</summary>
internal sealed class AllDownCase : FaultCase
{
    private static readonly string[] Orders = ["BSE", "BES", "SBE", "SEB", "EBS", "ESB"];

    /// <summary>How often each order is gone through.</summary>
    public required int Rounds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        var engine = run.Start();
        try
        {
            foreach (var order in Enumerable.Repeat(Orders, Rounds).SelectMany(orders => orders).Take(run.AtMost(Rounds * Orders.Length)))
            {
                if (await ShardProgress.StuckAsync(run, engine, [], cancellation) is { } stuck)
                {
                    run.Fail($"before {order}: {stuck}");
                    break;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(500, 3000)), cancellation);
                engine.Kill();
                await Task.WhenAll(run.Servers.KafkaDownAsync(kill: true, cancellation), run.Servers.CassandraDownAsync(kill: true, cancellation));
                engine.Dispose();
                foreach (var part in order)
                {
                    if (part == 'B') await run.Servers.KafkaUpAsync(cancellation);
                    else if (part == 'S') await run.Servers.CassandraUpAsync(cancellation);
                    else engine = run.Start();
                }

                run.Fault($"all killed, started in the order {order} (broker, store, engine)");
            }

            if (run.Failures.Count == 0 && await ShardProgress.StuckAsync(run, engine, [], cancellation) is { } stands) run.Fail($"after the last order: {stands}");
        }
        finally
        {
            engine.Dispose();
        }

        return await run.JudgeAsync(cancellation);
    }
}
