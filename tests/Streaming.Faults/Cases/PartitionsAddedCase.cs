using System.Diagnostics;
using System.Globalization;
using System.Text;
using Streaming.Core.Events;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// Partitions are added to the events topic while the engine runs: keys now belong elsewhere, so that states and events would come apart. The running engine goes on with the partitions that it knows
/// until it looks at its topics the next time; then every shard of it stands and says why. No start is allowed any more, and none writes anything. The oracle judges what was there before, and at the end once more all that was committed to the old partitions meanwhile. It asks for one count of all topics, so the
/// others get the new one too by then; and it asks where each key belongs by that count, so the shop has those users alone who belong to the same partition under both.
/// </summary>
internal sealed class PartitionsAddedCase : FaultCase
{
    private const string RunningLog = "running.log", RefusedLog = "refused.log";
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);
    private static readonly string[] WithoutTicks = ["--set", "Shard:TickInterval=1h"];

    // Long enough for what is fed after the fault to be consumed.
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(150);

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.Feeder.TakesPart = id => IsUnmoved(id, run.Options.Partitions);
        await run.Feeder.StartAsync(cancellation);
        var audit = AuditVerdict.None;
        using (var engine = run.Start(settings: WithoutTicks))
        {
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            await Task.Delay(Usual, cancellation);
            await run.Feeder.PauseAsync(cancellation);
            await run.DrainAsync(engine, cancellation);
            audit = await run.AuditAsync(cancellation);
            if (!audit.Consistent) run.Fail($"before partitions were added: {audit.Error}");
            run.Compare(audit, run.Feeder.Fed);
        }

        if (run.Failures.Count == 0) await AddAsync(run, cancellation);
        if (run.Failures.Count == 0) audit = await JudgeOldAsync(run, cancellation);
        return run.Result(audit);
    }

    private static bool IsUnmoved(string id, int partitions) => Encoding.UTF8.GetBytes(id) is var key && Murmur2.Partition(key, partitions) == Murmur2.Partition(key, partitions * 2);

    // What the running engine committed after the partitions were added, to those that it knows: by then the new ones are empty in every topic.
    private static async Task<AuditVerdict> JudgeOldAsync(CaseRun run, CancellationToken cancellation)
    {
        var (before, topics) = (run.Feeder.Fed, run.Feeder.Kafka.Topics);
        var more = (run.Options.Partitions * 2).ToString(CultureInfo.InvariantCulture);
        foreach (var topic in (string[])[topics.Links, topics.Control, topics.Sessions, topics.Recommendations, topics.ChurnAlerts, topics.DeadLetters])
            await run.Servers.KafkaToolAsync("topics", ["--alter", "--topic", topic, "--partitions", more], cancellation);
        var audit = await run.AuditAsync(cancellation);
        if (!audit.Consistent) run.Fail($"after partitions were added: {CaseRun.Telling(audit.Error)}");
        run.Compare(audit, before);
        await run.CompareDeadLettersAsync(cancellation);
        return audit;
    }

    private static async Task AddAsync(CaseRun run, CancellationToken cancellation)
    {
        var (had, more) = (run.Options.Partitions, run.Options.Partitions * 2);
        using (var engine = run.Start(settings: [.. WithoutTicks, "--set", string.Create(CultureInfo.InvariantCulture, $"Kafka:TopologyCheckMs={Looks.TotalMilliseconds}")], log: RunningLog))
        {
            if (!await engine.WaitForAsync(ShardStates.Running(had), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start again");
            await run.Servers.KafkaToolAsync("topics", ["--alter", "--topic", run.Feeder.EventsTopic, "--partitions", more.ToString(CultureInfo.InvariantCulture)], cancellation);
            run.Feeder.Resume();
            var fed = run.Feeder.Fed;
            if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after partitions were added {stuck}");
            else run.Fault($"{had} partitions became {more}; every shard went on");
            await Task.Delay(Usual, cancellation); // so that there is something to judge
            await run.Feeder.PauseAsync(cancellation);
            if (!await engine.WaitForAsync(ShardStates.AtEnd(had), 2, run.HealLimit, cancellation)) run.Fail("the engine did not come to the end of the partitions that it knows");
            await StandsAsync(run, engine, had, more, cancellation);
            run.Figures["events fed after partitions were added"] = run.Feeder.Fed - fed;
            if (run.Feeder.Fed == fed) run.Fail("nothing was fed after partitions were added: nothing is judged");
        }

        var control = run.Feeder.Kafka.Topics.Control;
        var ends = await run.Feeder.EndsAsync(control, cancellation);
        // Whether the settings name the old number or the new one.
        foreach (var set in (int[])[had, more]) await RefusedAsync(run, set, had, more, cancellation);
        if (!(await run.Feeder.EndsAsync(control, cancellation)).OrderBy(e => e.Key).SequenceEqual(ends.OrderBy(e => e.Key))) run.Fail("a start that was refused committed something");
    }

    private static async Task StandsAsync(CaseRun run, EngineProcess engine, int had, int more, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        if (!await engine.WaitForAsync(status => ShardStates.PhaseOf(status) is { Count: > 0 } phases && phases.Values.All(phase => phase == "failed"), 1, Looks * 2, cancellation)) run.Fail("shards run on though partitions were added");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"every shard stood {clock.Elapsed.TotalSeconds:0} s later, within the interval of the looks"));
        await SaysAsync(run, RunningLog, had, more, "the engine that ran", cancellation);
    }

    private static async Task SaysAsync(CaseRun run, string log, int had, int more, string who, CancellationToken cancellation)
    {
        var told = string.Create(CultureInfo.InvariantCulture, $"topic '{run.Feeder.EventsTopic}' has {more} partitions, {had} when");
        if (!(await File.ReadAllTextAsync(Path.Combine(run.Folder, log), cancellation)).Contains(told, StringComparison.Ordinal)) run.Fail($"{who} does not say: {told}");
    }

    private static async Task RefusedAsync(CaseRun run, int set, int had, int more, CancellationToken cancellation)
    {
        using (var engine = run.Start(settings: ["--set", string.Create(CultureInfo.InvariantCulture, $"Kafka:Partitions={set}")], log: RefusedLog))
        {
            if (!await engine.WaitForExitAsync(run.Options.Patience, cancellation)) run.Fail($"with Kafka:Partitions={set} the engine did not end");
            else if (engine.ExitCode == 0) run.Fail($"with Kafka:Partitions={set} the engine ended as if nothing were wrong");
            else run.Fault($"started with Kafka:Partitions={set}: refused with {engine.ExitCode}");
        }

        await SaysAsync(run, RefusedLog, had, more, $"the error with Kafka:Partitions={set}", cancellation);
    }
}
