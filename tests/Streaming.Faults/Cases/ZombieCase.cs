using System.Diagnostics;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// The owner is frozen past every time-out while work is under way, another process takes its partitions over, and then the frozen one goes on as if nothing had been.
/// The two are clusters of their own, so that nothing but the broker's epoch keeps them apart, and in the store nothing but the write times. Every so often each shard of the owner is
/// inside a flush as it is frozen (<see cref="FlushHold"/>): what it has yet to send, it sends over its heir's rows once it is awake.
/// </summary>
internal sealed class ZombieCase : FaultCase
{
    /// <summary>The broker's limit of a transaction, ms: short, so that many faults fit into little time, and longer than a transaction takes on a busy machine: who exceeds it hears what a fenced one hears.</summary>
    public int TransactionTimeoutMs { get; init; } = 5000;

    /// <summary>What a fenced zombie may still have under way to the store gets so long to arrive.</summary>
    private static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(2);

    /// <summary>An heir that waits for a lock of the frozen one gets so long before that one is woken.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    private readonly Spread _frozen = new(), _fenced = new();
    private int _heirs, _caught;
    private double _statements, _flushes;

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>Of so many zombies one wakes up while nothing else writes: whatever it changed then would still be there when the oracle looks, right afterwards.</summary>
    public required int QuietEvery { get; init; }

    /// <summary>Of so many zombies one is frozen inside its flushes and wakes up while nothing else writes; the case fails where fewer were and wrote on.</summary>
    public required int FlushEvery { get; init; }

    /// <summary>Where flushes stand then: points that each flush passes once, by turns.</summary>
    public required IReadOnlyList<string> FlushPoints { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        // A short limit of the broker's, and fenced shards that stay away longer than the case lasts.
        run.More.AddRange(["--set", $"Kafka:TransactionTimeoutMs={TransactionTimeoutMs}", "--set", $"Kafka:MessageTimeoutMs={TransactionTimeoutMs}", "--set", "Shard:TickInterval=1h", "--set", "Driver:FenceBackOff=5m", "--set", "Driver:FenceBackOffMax=10m"]);
        await run.Feeder.StartAsync(cancellation);
        var owner = Start(run);
        try
        {
            if (!await IsRunningAsync(run, owner.Engine, run.Options.Patience, cancellation)) run.Fail("the first owner did not start");
            for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0;)
            {
                (owner, var counts) = await ReplaceAsync(run, owner, time, cancellation);
                if (counts) time++;
            }
        }
        finally
        {
            owner.Engine.Dispose();
        }

        run.Figures["zombies frozen inside their flushes that wrote on while nothing else did"] = _caught;
        run.Figures["statements of theirs that the store answered once they were awake, beside the last of a flush"] = _statements;
        run.Figures["flushes that they wrote to their end once awake"] = _flushes;
        if (_caught < run.AtMost(Times) / FlushEvery) run.Fail($"{_caught} zombies were frozen inside their flushes and wrote on, not {run.AtMost(Times) / FlushEvery}");
        run.Figures.TryAdd("times an heir was fenced", 0);
        _frozen.Into(run.Figures, "frozen until another had taken over");
        _fenced.Into(run.Figures, "awake until fenced in every shard");
        return await run.JudgeAsync(cancellation);
    }

    // A log, a trigger and a point of its own each; one in FlushEvery comes to its point.
    private Owner Start(CaseRun run)
    {
        var hold = new FlushHold(FlushPoints[_heirs / FlushEvery % FlushPoints.Count], Path.Combine(run.Folder, $"hold-{_heirs}"));
        return new Owner(run.Start(environment: hold.Environment, log: $"engine-{_heirs}.log", heard: hold.Hear), hold);
    }

    private async Task<(Owner Heir, bool Counts)> ReplaceAsync(CaseRun run, Owner owner, int time, CancellationToken cancellation)
    {
        var (zombie, hold) = owner;
        var inFlush = _caught < time / FlushEvery; // one that was missed is made up for
        var isQuiet = inFlush || time % QuietEvery == 0;
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(0, 500)), cancellation);
        var positions = await ShardProgress.PositionsAsync(zombie, cancellation);
        var written = inFlush ? await hold.StandAsync(zombie, run.Options.Partitions, cancellation) : null;
        var clock = Stopwatch.StartNew();
        Signals.SendStop(zombie.Id);
        _heirs++;
        var newOwner = Start(run);
        var heir = newOwner.Engine;
        var holdsFile = Store == StoreKind.Sqlite && FileLocks.AreHeldBy(zombie.Id);
        // At work: what a newer owner has committed is what tells one that heard no fence (docs/decisions/0019).
        var took = await heir.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.AllBeyond(s, positions), 1, holdsFile ? LockPatience : run.Options.Patience, cancellation);
        if (!took && holdsFile)
        {
            await WakeAsync(run, zombie, heir, time, cancellation);
            return (newOwner, false);
        }

        if (TimeSpan.FromMilliseconds(TransactionTimeoutMs) + WriteGrace - clock.Elapsed is { Ticks: > 0 } left) await Task.Delay(left, cancellation);
        if (took && isQuiet) took = await QuietenAsync(run, heir, cancellation);
        await Task.Delay(hold.Left, cancellation); // awake, it goes on with its flushes at once
        if (hold.GoneOn > 0) written = null; // before it was frozen
        var stored = took && inFlush ? await run.AuditAsync(cancellation) : null;
        _frozen.Add(clock.Elapsed);
        clock.Restart();
        var initialised = Initialised(run, _heirs - 1);
        Signals.SendContinue(zombie.Id);
        if (!took) run.Fail($"zombie {time}: nobody took over from the frozen owner{(isQuiet ? " and came to the end of its input" : "")}");
        // What it held is refused: none of its shards may go on.
        else if (!await zombie.WaitForAsync(ShardStates.Fenced(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail($"zombie {time}: it was not fenced in every shard; {await TellAsync(run, zombie, heir, time, cancellation)}");
        else if (Initialised(run, _heirs - 1) > initialised) run.Fail($"zombie {time}: it initialised again; its heir was fenced {Fences(run)} times");
        else
        {
            _fenced.Add(clock.Elapsed);
            // The frozen one asked for no epoch: the broker ended a transaction of the heir's for its age.
            if (Fences(run) is > 0 and var fences) run.Figures["times an heir was fenced"] = run.Figures.GetValueOrDefault("times an heir was fenced") + fences;
            run.Fault($"zombie {time}: frozen until another took over, then fenced in every shard{(isQuiet ? ", while nothing else wrote" : "")}");
        }

        if (isQuiet) await Task.Delay(WriteGrace, cancellation);
        if (inFlush && run.Failures.Count == 0) inFlush = await HasWrittenAsync(run, owner, written, time, cancellation);
        zombie.Dispose();
        if (isQuiet && run.Failures.Count == 0) await JudgeZombieAsync(run, stored, time, cancellation);
        if (inFlush && run.Failures.Count == 0) _caught++;
        run.Feeder.Resume();
        return (newOwner, true);
    }

    // Whether it sent anything to the store since it is awake, and had it answered: its fence may end a flush that goes on before all of it is sent. It begins no other: what it would flush next it cannot commit.
    private async Task<bool> HasWrittenAsync(CaseRun run, Owner zombie, double? before, int time, CancellationToken cancellation)
    {
        if (before is not { } known || await FlushHold.WrittenAsync(zombie.Engine, cancellation) is not (> 0 and var written))
        {
            run.Log($"zombie {time}: it was not frozen inside its flushes, or does not answer");
            return false;
        }

        run.Log($"zombie {time}: frozen with a flush of every shard under way; once it was awake {zombie.Hold.GoneOn} went on, {zombie.Hold.Answered} of their statements were answered before the last of each, {written - known} were written to their end");
        _statements += zombie.Hold.Answered;
        _flushes += written - known;
        return written - known + zombie.Hold.Answered > 0;
    }

    // The two share one SQLite file here, which nodes of a shop never do: one that is frozen in the middle of a write keeps everybody else from writing, and a take-over that has a vector table to put back waits for it.
    private static async Task WakeAsync(CaseRun run, EngineProcess zombie, EngineProcess heir, int time, CancellationToken cancellation)
    {
        Signals.SendContinue(zombie.Id);
        if (!await IsRunningAsync(run, heir, run.Options.Patience, cancellation)) run.Fail($"zombie {time}: frozen with the store's file locked, and nobody took over when it was awake again");
        zombie.Dispose();
        run.Log($"zombie {time}: frozen with the store's file locked; frozen once more");
        run.Figures["not counted: frozen with the store's file locked"] = run.Figures.GetValueOrDefault("not counted: frozen with the store's file locked") + 1;
    }

    // Which shards of the two are in which phase. Whether the heir was fenced tells one that was merely slow from one that took its partitions back.
    private async Task<string> TellAsync(CaseRun run, EngineProcess zombie, EngineProcess heir, int time, CancellationToken cancellation)
    {
        var fences = Fences(run);
        run.Figures["times an heir was fenced"] = run.Figures.GetValueOrDefault("times an heir was fenced") + fences;
        var told = $"its shards: {await PhasesAsync(zombie, cancellation)}; its heir {(fences == 0 ? "was not fenced" : $"was fenced {fences} times")}, with shards: {await PhasesAsync(heir, cancellation)}";
        run.Log($"zombie {time}: {told}");
        return told;
    }

    private static async Task<string> PhasesAsync(EngineProcess engine, CancellationToken cancellation)
    {
        if (engine.HasExited) return $"none, it ended with {engine.ExitCode}";
        return await engine.StatusAsync(cancellation) is { } status ? string.Join(", ", ShardStates.PhaseOf(status).OrderBy(p => p.Key).Select(p => $"{p.Key} {p.Value}")) : "it does not answer";
    }

    private static int Initialised(CaseRun run, int engine) => Lines(run, engine, "transactions initialised as");

    private int Fences(CaseRun run) => Lines(run, _heirs, "was fenced by another owner");

    private static int Lines(CaseRun run, int engine, string with) => File.ReadLines(Path.Combine(run.Folder, $"engine-{engine}.log")).Count(l => l.Contains(with, StringComparison.Ordinal));

    private static async Task<bool> QuietenAsync(CaseRun run, EngineProcess heir, CancellationToken cancellation)
    {
        await run.Feeder.PauseAsync(cancellation);
        return await heir.WaitForAsync(ShardStates.AtEnd(run.Options.Partitions), 8, run.HealLimit, cancellation);
    }

    // Every row of the store, and every record: a write of the zombie's that won over its heir's is a mismatch, a duplicate or a phantom.
    // Where rows and low-water mark win together, audit sees a store that is behind and right; but nothing may change at all: the heir has written every row that the zombie still holds.
    private static async Task JudgeZombieAsync(CaseRun run, AuditVerdict? before, int time, CancellationToken cancellation)
    {
        var audit = await run.AuditAsync(cancellation);
        if (!audit.Consistent) run.Fail($"zombie {time}: audit: {audit.Error}");
        else if (before is not null && before.StateHash != audit.StateHash) run.Fail($"zombie {time}: stored profiles changed once it was awake");
        else run.Figures["zombies judged by audit while nothing else wrote"] = run.Figures.GetValueOrDefault("zombies judged by audit while nothing else wrote") + 1;
    }

    private static Task<bool> IsRunningAsync(CaseRun run, EngineProcess engine, TimeSpan patience, CancellationToken cancellation) =>
        engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, patience, cancellation);

    private sealed record Owner(EngineProcess Engine, FlushHold Hold);
}
