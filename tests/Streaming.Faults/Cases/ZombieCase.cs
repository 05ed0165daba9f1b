using System.Diagnostics;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// The owner is frozen past every time-out while work is under way, another process takes its partitions over, and then the frozen one goes on as if nothing had been.
/// The two are clusters of their own, so that nothing but the broker's epoch keeps them apart.
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
    private int _heirs;

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <summary>Of so many zombies one wakes up while nothing else writes: whatever it changed then would still be there when the oracle looks, right afterwards.</summary>
    public required int QuietEvery { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        // A short limit of the broker's, and fenced shards that stay away longer than the case lasts.
        run.More.AddRange(["--set", $"Kafka:TransactionTimeoutMs={TransactionTimeoutMs}", "--set", $"Kafka:MessageTimeoutMs={TransactionTimeoutMs}", "--set", "Shard:TickInterval=1h", "--set", "Driver:FenceBackOff=5m", "--set", "Driver:FenceBackOffMax=10m"]);
        await run.Feeder.StartAsync(cancellation);
        var owner = run.Start(log: "engine-0.log");
        try
        {
            if (!await IsRunningAsync(run, owner, run.Options.Patience, cancellation)) run.Fail("the first owner did not start");
            for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0;)
            {
                (owner, var counts) = await ReplaceAsync(run, owner, time, cancellation);
                if (counts) time++;
            }
        }
        finally
        {
            owner.Dispose();
        }

        run.Figures.TryAdd("times an heir was fenced", 0);
        _frozen.Into(run.Figures, "frozen until another had taken over");
        _fenced.Into(run.Figures, "awake until fenced in every shard");
        return await run.JudgeAsync(cancellation);
    }

    private async Task<(EngineProcess Heir, bool Counts)> ReplaceAsync(CaseRun run, EngineProcess zombie, int time, CancellationToken cancellation)
    {
        var isQuiet = time % QuietEvery == 0;
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(0, 500)), cancellation);
        var positions = await ShardProgress.PositionsAsync(zombie, cancellation);
        var clock = Stopwatch.StartNew();
        Signals.SendStop(zombie.Id);
        var heir = run.Start(log: $"engine-{++_heirs}.log");
        var holdsFile = Store == StoreKind.Sqlite && FileLocks.AreHeldBy(zombie.Id);
        // At work: what a newer owner has committed is what tells one that heard no fence (docs/decisions/0019).
        var took = await heir.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.AllBeyond(s, positions), 1, holdsFile ? LockPatience : run.Options.Patience, cancellation);
        if (!took && holdsFile) return (await WakeAsync(run, zombie, heir, time, cancellation), false);
        if (TimeSpan.FromMilliseconds(TransactionTimeoutMs) + WriteGrace - clock.Elapsed is { Ticks: > 0 } left) await Task.Delay(left, cancellation);
        if (took && isQuiet) took = await QuietenAsync(run, heir, cancellation);
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
        zombie.Dispose();
        if (isQuiet && run.Failures.Count == 0) await JudgeZombieAsync(run, time, cancellation);
        run.Feeder.Resume();
        return (heir, true);
    }

    // The two share one SQLite file here, which nodes of a shop never do: one that is frozen in the middle of a write keeps everybody else from writing, and a take-over that has a vector table to put back waits for it.
    private static async Task<EngineProcess> WakeAsync(CaseRun run, EngineProcess zombie, EngineProcess heir, int time, CancellationToken cancellation)
    {
        Signals.SendContinue(zombie.Id);
        if (!await IsRunningAsync(run, heir, run.Options.Patience, cancellation)) run.Fail($"zombie {time}: frozen with the store's file locked, and nobody took over when it was awake again");
        zombie.Dispose();
        run.Log($"zombie {time}: frozen with the store's file locked; frozen once more");
        run.Figures["not counted: frozen with the store's file locked"] = run.Figures.GetValueOrDefault("not counted: frozen with the store's file locked") + 1;
        return heir;
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
    private static async Task JudgeZombieAsync(CaseRun run, int time, CancellationToken cancellation)
    {
        var audit = await run.AuditAsync(cancellation);
        if (!audit.Consistent) run.Fail($"zombie {time}: audit: {audit.Error}");
        else run.Figures["zombies judged by audit while nothing else wrote"] = run.Figures.GetValueOrDefault("zombies judged by audit while nothing else wrote") + 1;
    }

    private static Task<bool> IsRunningAsync(CaseRun run, EngineProcess engine, TimeSpan patience, CancellationToken cancellation) =>
        engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, patience, cancellation);
}
