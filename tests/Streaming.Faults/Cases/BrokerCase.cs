using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>One broker is stopped, killed or frozen under load and comes back; the engine lives on and goes on by itself.</summary>
internal sealed class BrokerCase : FaultCase
{
    /// <summary>What happens to the broker.</summary>
    public required BrokerFault Fault { get; init; }

    /// <summary>Times. What memory grows by in the second half of them is judged.</summary>
    public required int Times { get; init; }

    /// <summary>How long a frozen broker stays frozen, s.</summary>
    public int FrozenSeconds { get; init; } = 60;

    /// <summary>Most that the engine's managed heap may take, MiB: it ends where it needs more. Without a limit the runtime lets garbage lie, and resident memory says little of what is held.</summary>
    public required int ManagedMiB { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.More.AddRange(MemoryWatch.Settings);
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start(environment: MemoryWatch.Limit(ManagedMiB)))
        {
            await using var memory = MemoryWatch.Start(engine);
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await memory.SettleAsync(cancellation);
            var longest = 0.0;
            for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0; time++)
            {
                await HurtAsync(run, engine, cancellation);
                var back = System.Diagnostics.Stopwatch.StartNew();
                if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck)
                {
                    run.Fail($"{time}: {stuck}");
                    break;
                }

                longest = Math.Max(longest, back.Elapsed.TotalSeconds);
                if (time == Times / 2) memory.TakeForBefore();
                run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: {Fault}, every shard had committed again {back.Elapsed.TotalSeconds:0.0} s after the broker was back"));
            }

            // Clients that are replaced, and what was late, leave the heaps of both runtimes larger for the first times: the second half is held against the first.
            run.Figures["absences before the memory that growth is held against"] = Times / 2;
            run.Figures["longest time until every shard had committed again, s"] = Math.Round(longest, 1);
            memory.Judge(run);
        }

        return await run.JudgeAsync(cancellation);
    }

    private static async Task<long> CommittedAsync(EngineProcess engine, CancellationToken cancellation) => await engine.StatusAsync(cancellation) is { } status ? ShardStates.Committed(status) : 0;

    private async Task HurtAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(500, 2500)), cancellation);
        if (Fault == BrokerFault.Freeze)
        {
            var broker = run.Servers.KafkaProcess;
            Signals.SendStop(broker);
            await Task.Delay(TimeSpan.FromSeconds(2), cancellation); // what was under way has arrived by then
            var before = await CommittedAsync(engine, cancellation);
            await Task.Delay(TimeSpan.FromSeconds(FrozenSeconds - 2), cancellation);
            if (await CommittedAsync(engine, cancellation) > before) run.Fail("events were committed while the broker stood still: it did not");
            Signals.SendContinue(broker);
            return;
        }

        await run.Servers.KafkaDownAsync(Fault == BrokerFault.Kill, cancellation);
        await run.Servers.KafkaUpAsync(cancellation);
    }
}
