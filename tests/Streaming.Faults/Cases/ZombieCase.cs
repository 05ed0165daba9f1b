using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// The owner is frozen past every time-out while work is under way, another process takes its partitions over, and then the frozen one goes on as if nothing had been.
/// The two are clusters of their own, so that nothing but the broker's epoch keeps them apart.
/// </summary>
internal sealed class ZombieCase : FaultCase
{
    /// <summary>The broker's limit of a transaction, ms: short, so that many faults fit into little time.</summary>
    public int TransactionTimeoutMs { get; init; } = 2000;

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        // A short limit of the broker's, and fenced shards that stay away longer than the case lasts.
        run.More.AddRange(["--set", $"Kafka:TransactionTimeoutMs={TransactionTimeoutMs}", "--set", $"Kafka:MessageTimeoutMs={TransactionTimeoutMs}", "--set", "Driver:FenceBackOff=5m", "--set", "Driver:FenceBackOffMax=10m"]);
        await run.Feeder.StartAsync(cancellation);
        var owner = run.Start();
        try
        {
            if (!await IsRunningAsync(run, owner, cancellation)) run.Fail("the first owner did not start");
            for (var time = 1; time <= Times && run.Failures.Count == 0; time++) owner = await ReplaceAsync(run, owner, time, cancellation);
        }
        finally
        {
            owner.Dispose();
        }

        return await run.JudgeAsync(cancellation);
    }

    private static async Task<EngineProcess> ReplaceAsync(CaseRun run, EngineProcess zombie, int time, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(0, 500)), cancellation);
        Signals.SendStop(zombie.Id);
        var heir = run.Start();
        var took = await IsRunningAsync(run, heir, cancellation);
        Signals.SendContinue(zombie.Id);
        if (!took) run.Fail($"zombie {time}: nobody took over from the frozen owner");
        // What it held is refused: none of its shards may go on.
        else if (!await zombie.WaitForAsync(s => ShardStates.RunningCount(s) == 0, 1, run.Options.Patience, cancellation)) run.Fail($"zombie {time}: it went on as owner");
        else run.Fault($"zombie {time}: frozen until another took over, then fenced in every shard");
        zombie.Dispose();
        return heir;
    }

    private static Task<bool> IsRunningAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation) =>
        engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation);
}
