using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;

namespace Streaming.Faults.Cases;

/// <summary>Of three brokers the one that leads most partitions of the events topic, and in turn the one that coordinates most of the shards' transactions, is killed and started again.</summary>
internal sealed class LeaderChaseCase : FaultCase
{
    private readonly Spread _without = new();

    /// <summary>Kills.</summary>
    public required int Kills { get; init; }

    /// <summary>Most that the engine's managed heap may take, MiB: it ends where it needs more. Without a limit the runtime lets garbage lie, and resident memory says little of what is held.</summary>
    public required int ManagedMiB { get; init; }

    /// <inheritdoc/>
    public override async Task<KafkaBrokers> StartBrokersAsync(ServerScripts servers, CancellationToken cancellation)
    {
        await servers.ThreeBrokers.UpAsync(cancellation);
        return servers.ThreeBrokers;
    }

    /// <inheritdoc/>
    public override Task StopBrokersAsync(ServerScripts servers, CancellationToken cancellation) => servers.ThreeBrokers.RemoveAsync(cancellation);

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.More.AddRange(MemoryWatch.Settings);
        await run.Feeder.StartAsync(cancellation);
        using (var leaders = new Leaders(run.Bootstrap))
        using (var engine = run.Start(environment: MemoryWatch.Limit(ManagedMiB)))
        {
            await using var memory = MemoryWatch.Start(engine);
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await memory.SettleAsync(cancellation);
            for (var kill = 1; kill <= run.AtMost(Kills) && run.Failures.Count == 0; kill++)
            {
                await ChaseAsync(run, leaders, engine, kill, cancellation);
                // The first absence takes the engine through code and buffers for the first time: growth is what the others add.
                if (kill == 1) await memory.SettleAsync(cancellation);
            }

            if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
            memory.Judge(run);
            run.Figures["absences before the memory that growth is held against"] = 1;
        }

        _without.Into(run.Figures, "kill until every shard committed again");
        return await run.JudgeAsync(cancellation);
    }

    private async Task ChaseAsync(CaseRun run, Leaders leaders, EngineProcess engine, int kill, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(500, 2500)), cancellation);
        var chasesEvents = kill % 2 == 1;
        var broker = chasesEvents ? await leaders.OfTopicAsync(run.Prefix + "events") : await leaders.OfTransactionsAsync(run.TransactionalIds);
        var before = await ShardProgress.PositionsAsync(engine, cancellation);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await run.Brokers.KillAsync(broker, cancellation);
        // While it is away: two of three replicas are enough.
        if (await ShardProgress.StuckAsync(run, engine, before, cancellation) is { } stuck)
        {
            run.Fail($"kill {kill}: without broker {broker} {stuck}");
            return;
        }

        var without = clock.Elapsed;
        _without.Add(without);
        await run.Brokers.UpAsync(cancellation);
        if (!await leaders.AreInSyncAsync(run.Prefix + "events", run.Options.Patience, cancellation)) run.Fail($"kill {kill}: broker {broker} did not catch up");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: broker {broker}, which {(chasesEvents ? "led most events partitions" : "coordinated most transactions")}; every shard had committed again {without.TotalSeconds:0.0} s later"));
    }
}
