using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Resources;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>The engine gets too little of what a machine has, as in a container that is set too small or beside a greedy neighbour.</summary>
internal sealed class ResourceCase : FaultCase
{
    private const int PeriodUs = 100_000, QuotaUs = 5_000, StarvedSeconds = 20, TightSeconds = 20, PlentyOfThreads = 10_000;
    private const long MemoryStep = 8 << 20;
    private const int Killed = 137, MostAttempts = 2;
    private static readonly TimeSpan SqueezeLimit = TimeSpan.FromSeconds(60);
    private int _killed, _notKilled;
    private LimitSigns? _signs;

    /// <summary>What it lacks.</summary>
    public required ResourceLimit Limit { get; init; }

    /// <summary>Times; of <see cref="ResourceLimit.Memory"/> kills by the kernel.</summary>
    public required int Times { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        _signs = new LimitSigns(Limit);
        await run.Feeder.StartAsync(cancellation);
        var times = run.AtMost(Times);
        for (var time = 1; !IsDone(time, times) && run.Failures.Count == 0; time++)
        {
            using var memory = Limit == ResourceLimit.Memory ? ControlGroup.Empty("memory", $"streaming-{run.Prefix}{time}") : null;
            using var engine = memory is null ? run.Start(heard: _signs.Hear) : memory.Around(() => run.Start());
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation))
            {
                run.Fail($"{time}: the engine did not start");
                break;
            }

            await (Limit switch
            {
                ResourceLimit.Processor => StarveAsync(run, engine, time, cancellation),
                ResourceLimit.Memory => SqueezeAsync(run, engine, memory!, time, cancellation),
                ResourceLimit.Threads => FewThreadsAsync(run, engine, time, cancellation),
                _ => FewFilesAsync(run, engine, time, cancellation),
            });
        }

        if (Limit == ResourceLimit.Memory)
        {
            run.Figures["killed by the kernel"] = _killed;
            run.Figures["lived on or ended by itself"] = _notKilled;
            if (_killed < times) run.Fail($"the kernel killed {_killed} of {times} processes, and {_notKilled} it did not");
        }

        return await run.JudgeAsync(cancellation);
    }

    private bool IsDone(int time, int times) => Limit == ResourceLimit.Memory ? _killed >= times || time > times * MostAttempts : time > times;

    private static async Task StarveAsync(CaseRun run, EngineProcess engine, int time, CancellationToken cancellation)
    {
        long throttled;
        using (var group = ControlGroup.With("cpu", $"streaming-{engine.Id}", engine.Id))
        {
            group.Limit("cpu.cfs_period_us", PeriodUs);
            group.Limit("cpu.cfs_quota_us", QuotaUs);
            await Task.Delay(TimeSpan.FromSeconds(StarvedSeconds), cancellation);
            throttled = group.Read("cpu.stat", "nr_throttled");
        }

        if (throttled == 0) run.Fail($"{time}: the quota never held the engine back");
        else if (await StuckAsync(run, engine, cancellation) is { } stuck) run.Fail($"{time}: after it had starved {stuck}");
        else run.Fault($"{time}: a twentieth of a processor for {StarvedSeconds} s, held back {throttled} times; every shard went on");
    }

    // The limit falls until the kernel kills: a kill is a crash like any other, and the next process starts without a limit.
    private async Task SqueezeAsync(CaseRun run, EngineProcess engine, ControlGroup group, int time, CancellationToken cancellation)
    {
        var need = group.Read("memory.usage_in_bytes");
        var clock = Stopwatch.StartNew();
        // Down to the least that the kernel can free up; then the next page that the process asks for is its last.
        for (var limit = need; !engine.HasExited && clock.Elapsed < SqueezeLimit; limit = Math.Max(MemoryStep, limit - MemoryStep))
        {
            if (!group.TryLimit("memory.limit_in_bytes", limit)) limit += MemoryStep;
            await Task.Delay(200, cancellation);
        }

        if (engine.HasExited && engine.ExitCode == Killed && group.Read("memory.oom_control", "oom_kill") > 0)
        {
            _killed++;
            run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: killed by the kernel with {need >> 20} MiB charged and no more to be had"));
            return;
        }

        _notKilled++;
        if (engine.HasExited) run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: it ended by itself with {engine.ExitCode}, with {need >> 20} MiB charged"));
        else if (group.Read("memory.failcnt") == 0) run.Fail($"{time}: the limit was never met");
        else if (await StuckAsync(run, engine, cancellation) is { } stuck) run.Fail($"{time}: not killed, and {stuck}");
        else run.Fault($"{time}: {group.Read("memory.failcnt")} allocations met the limit; it lived on in every shard");
    }

    // New connections need files of their own: the broker goes away, so that all must be made anew, and there are files for half of them, then for a third, then for a quarter. Above that not all are wanted at once where the processors are busy, and the limit is not met.
    private async Task FewFilesAsync(CaseRun run, EngineProcess engine, int time, CancellationToken cancellation)
    {
        var (open, before) = (OpenFiles.Of(engine.Id, run.Options.KafkaPort), OpenFiles.LimitOf(engine.Id));
        var more = Math.Max(1, open.Connections.Count / (1 + time));
        var limit = open.LimitFor(more);
        _signs!.Reset();
        await OpenFiles.LimitAsync(engine.Id, limit.ToString(CultureInfo.InvariantCulture), cancellation);
        await TightAsync(run, engine, cancellation);
        var refused = _signs.Refusals;
        run.Figures[$"{time}: refusals that the log tells"] = refused;
        if (!engine.HasExited) await OpenFiles.LimitAsync(engine.Id, before, cancellation);
        await TellAsync(run, engine, time, refused, $"{open.Kept.Count + open.Connections.Count} files open, {open.Connections.Count} of them connections to the broker, all lost, and no more than {more} to be had for {TightSeconds} s", cancellation);
    }

    // Clients that connect anew, and a pool that wants to grow, ask for threads; those that end in between are not replaced either.
    private async Task FewThreadsAsync(CaseRun run, EngineProcess engine, int time, CancellationToken cancellation)
    {
        using var group = ControlGroup.With("pids", $"streaming-{engine.Id}", engine.Id);
        var had = group.Read("pids.current");
        _signs!.Reset();
        group.Limit("pids.max", had / 2);
        await TightAsync(run, engine, cancellation);
        var refused = group.Read("pids.events", "max");
        run.Figures[$"{time}: threads refused"] = refused;
        group.Limit("pids.max", PlentyOfThreads);
        await TellAsync(run, engine, time, refused, $"{had} threads, no new one to be had for {TightSeconds} s", cancellation);
    }

    private static async Task TightAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        await run.Servers.KafkaDownAsync(kill: true, cancellation);
        await run.Servers.KafkaUpAsync(cancellation);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < TightSeconds && !engine.HasExited;) await Task.Delay(200, cancellation);
    }

    // A limit that nobody met is no fault, and an end for another reason is none either: who ended must have been refused something, or name the limit in what it said last. Afterwards there is enough again: as long as
    // there is not, nobody can be asked to go on.
    private async Task TellAsync(CaseRun run, EngineProcess engine, int time, long refused, string what, CancellationToken cancellation)
    {
        var stuck = engine.HasExited ? null : await StuckAsync(run, engine, cancellation);
        if (engine.HasExited) await engine.WaitForExitAsync(run.Options.Patience, cancellation); // its output is read to the end then
        var (met, ended) = (Met(refused), engine.HasExited ? string.Create(CultureInfo.InvariantCulture, $"it ended with {engine.ExitCode}") : "");
        if (met is null) run.Fail($"{time}: {what}, and nothing tells that the limit was met{(engine.HasExited ? $"; {ended}" : "")}");
        else if (engine.HasExited) run.Fault($"{time}: {what}; {met}; {ended}");
        else if (stuck is null) run.Fault($"{time}: {what}; {met}; every shard went on");
        else run.Fail($"{time}: {what}; {met}; not ended once there were enough again, and {stuck}");
    }

    // Refusals that the kernel or the log counted, or else what the log names.
    private string? Met(long refused) => refused > 0 ? string.Create(CultureInfo.InvariantCulture, $"{refused} refused") : _signs!.Named is { } line ? $"it says: {line}" : null;

    private static async Task<string?> StuckAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation) =>
        await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation);
}
