using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// Partitions are added to the events topic while the engine runs: keys now belong elsewhere, so that states and events would come apart. The running engine goes on with the partitions that it knows;
/// no start is allowed any more, and none changes anything.
/// </summary>
internal sealed class PartitionsAddedCase : FaultCase
{
    private const string Log = "refused.log";

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var (had, more) = (run.Options.Partitions, run.Options.Partitions * 2);
        await run.Feeder.StartAsync(cancellation);
        using var engine = run.Start(settings: ["--set", "Shard:TickInterval=1h"]);
        if (!await engine.WaitForAsync(s => ShardStates.Running(had)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
        await run.Servers.KafkaToolAsync("topics", ["--alter", "--topic", run.Feeder.EventsTopic, "--partitions", more.ToString(CultureInfo.InvariantCulture)], cancellation);
        if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after partitions were added {stuck}");
        else run.Fault($"{had} partitions became {more}; every shard went on");
        var result = await run.JudgeAsync(engine, cancellation);
        await RefusedAsync(run, had, had, more, cancellation);
        await RefusedAsync(run, more, had, more, cancellation);
        if ((await run.AuditAsync(cancellation)).StateHash is var hash && (await run.AuditAsync(cancellation)).StateHash != hash) run.Fail("a refused start changed what is stored");
        return result with { Failures = [.. run.Failures], Passed = run.Failures.Count == 0, Faults = run.Faults };
    }

    // Whether the settings name the old number or the new one.
    private static async Task RefusedAsync(CaseRun run, int set, int had, int more, CancellationToken cancellation)
    {
        using (var engine = run.Start(settings: ["--set", string.Create(CultureInfo.InvariantCulture, $"Kafka:Partitions={set}")], log: Log))
        {
            if (!await engine.WaitForExitAsync(run.Options.Patience, cancellation)) run.Fail($"with Kafka:Partitions={set} the engine did not end");
            else if (engine.ExitCode == 0) run.Fail($"with Kafka:Partitions={set} the engine ended as if nothing were wrong");
            else run.Fault($"started with Kafka:Partitions={set}: refused with {engine.ExitCode}");
        }

        var told = await File.ReadAllTextAsync(Path.Combine(run.Folder, Log), cancellation);
        if (!told.Contains(run.Feeder.EventsTopic, StringComparison.Ordinal) || !told.Contains(had.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) || !told.Contains(more.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            run.Fail($"with Kafka:Partitions={set} the error does not name the topic and both numbers");
    }
}
