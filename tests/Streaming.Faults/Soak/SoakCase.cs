using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Cases;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Soak;

/// <summary>
/// An hour at half of what the engine can do. Each minute it is made to collect, and says what is left of managed and native memory, handles and threads; none may rise.
/// Users, items and sessions are bounded, so that everything that has a bound has reached it when the warm-up ends. What fills does so by the event: the warm-up lasts ten minutes and, in a full hour, until
/// so many events are committed; an engine on a busy machine gets longer, and what is judged stays fifty minutes.
/// </summary>
internal sealed class SoakCase : FaultCase
{
    private const int FullMinutes = 60, WarmUpMinutes = 10, MaxWarmUpMinutes = 40, WarmUpEvents = 900_000, FlatOut = 20_000, Backlog = 40_000;
    private const double MiB = 1024 * 1024;
    private static readonly TimeSpan FlatOutBefore = TimeSpan.FromSeconds(15), FlatOutMeasured = TimeSpan.FromSeconds(20), Minute = TimeSpan.FromMinutes(1), Glance = TimeSpan.FromMilliseconds(200);

    // Little enough that all is full within the warm-up, and users leave memory and come back all the time. Batches and queues are full in the flat-out phase already, so that a busy machine later
    // does not look like a leak.
    // The 1,600 lists of partners of 400 items grow slowest: at 200 partners a third of them were not full after an hour, at 16 all are within minutes.
    private static readonly string[] Bounds =
    [
        "Shard:MaxResidentUsers=100", "Shard:MaxCompactBytes=0", "Shard:MaxRememberedRows=200", "ItemIndex:MaxSessions=2000", "ItemIndex:SessionsPerItem=50", "ItemIndex:PartnersPerItem=16", "ItemIndex:CapEntries=4096", "ItemIndexFile:SaveInterval=60s",
        "Shard:MaxBatchRecords=1000", "Kafka:QueueKiBPerNode=4096",
    ];

    /// <inheritdoc/>
    public override bool Counts(FaultOptions options) => options.SoakMinutes >= FullMinutes && options.SoakEventsPerSecond == 0;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.NeedsFaults = false;
        run.More.AddRange(Bounds.SelectMany(b => (string[])["--set", b]));
        run.Feeder.MaxStepMs = 10_000; // at this rate half a minute an event would pass the year
        run.Feeder.Guests = 20; // an erased user remembers every guest it ever had: few enough that all have been within the warm-up
        await run.Feeder.StartAsync(cancellation);
        using var probe = new MemoryProbe();
        using (var engine = run.Start(environment: probe.Environment))
        {
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await SoakAsync(run, engine, probe, cancellation);
        }

        return await run.JudgeAsync(cancellation) with { Minutes = run.Minutes };
    }

    private async Task SoakAsync(CaseRun run, EngineProcess engine, MemoryProbe probe, CancellationToken cancellation)
    {
        var flatOut = await FlatOutRateAsync(run, engine, cancellation);
        var rate = (int)(flatOut / 2);
        if (run.Options.SoakEventsPerSecond > 0) rate = Math.Min(rate, run.Options.SoakEventsPerSecond);
        run.Feeder.EventsPerSecond = rate;
        run.Figures["events a second fed"] = rate;
        run.Figures["share of flat out, %"] = Math.Round(100 * rate / flatOut);
        var minutes = run.Options.SoakMinutes;
        var warmUp = Math.Min(WarmUpMinutes, minutes / 3);
        var judged = minutes - warmUp;
        var events = minutes < FullMinutes ? 0 : WarmUpEvents;
        run.Log($"{minutes} min at {rate} events/s, the first {warmUp} and those before {events} events are warm-up, {judged} are judged{(Counts(run.Options) ? "" : $"; shortened from {FullMinutes} min or held back, so it does not count")}");
        var clock = Stopwatch.StartNew();
        for (var minute = 1; run.Minutes.Count(m => !m.IsWarmUp) < judged; minute++)
        {
            var wait = (minute * Minute) - clock.Elapsed;
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            if (engine.HasExited)
            {
                run.Fail($"minute {minute}: the engine ended by itself with {engine.ExitCode}");
                return;
            }

            if (minute > MaxWarmUpMinutes && run.Minutes[^1].IsWarmUp)
            {
                run.Fail($"{events} events were not committed within {MaxWarmUpMinutes} min, so that nothing can be judged");
                return;
            }

            run.Minutes.Add(await ReadAsync(run, engine, probe, clock.Elapsed.TotalMinutes, m => minute <= warmUp || m < events, cancellation));
        }

        run.Feeder.EventsPerSecond = 0;
        Judge(run, [.. run.Minutes.Where(m => !m.IsWarmUp)]);
    }

    // What it commits while there is always more to do, but never so much that catching up takes long.
    private static async Task<double> FlatOutRateAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        await KeepBusyAsync(run, engine, FlatOutBefore, cancellation);
        var from = await CommittedAsync(engine, cancellation);
        var clock = Stopwatch.StartNew();
        await KeepBusyAsync(run, engine, FlatOutMeasured, cancellation);
        var rate = (await CommittedAsync(engine, cancellation) - from) / clock.Elapsed.TotalSeconds;
        run.Feeder.EventsPerSecond = 0;
        run.Figures["events a second flat out"] = Math.Round(rate);
        run.Log(string.Create(CultureInfo.InvariantCulture, $"flat out it commits {rate:0} events/s with recommendations"));
        if (!await engine.WaitForAsync(s => ShardStates.Lag(s) == 0, 3, run.HealLimit, cancellation)) run.Fail("the engine did not catch up after the flat-out phase");
        return rate;
    }

    private static async Task KeepBusyAsync(CaseRun run, EngineProcess engine, TimeSpan time, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; await Task.Delay(Glance, cancellation))
        {
            var backlog = run.Feeder.Fed - await CommittedAsync(engine, cancellation);
            run.Feeder.EventsPerSecond = backlog < Backlog ? FlatOut : 0;
        }
    }

    private static async Task<SoakMinute> ReadAsync(CaseRun run, EngineProcess engine, MemoryProbe probe, double minute, Func<long, bool> isWarmUp, CancellationToken cancellation)
    {
        var status = await engine.StatusAsync(cancellation);
        var reading = await probe.ReadAsync(cancellation);
        var committed = status is { } u ? ShardStates.Committed(u) : -1;
        var read = new SoakMinute(Math.Round(minute, 2), isWarmUp(committed), InMiB(reading.LiveBytes), InMiB(reading.NativeBytes), InMiB(reading.HeldBytes), InMiB(reading.ResidentBytes), reading.Handles, reading.Threads,
            status is { } s ? ShardStates.Resident(s) : -1, status is { } t ? ShardStates.Lag(t) : -1, committed);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"minute {read.Minute:0.0}{(read.IsWarmUp ? " (warm-up)" : "")}: live {read.LiveMiB:0.00} MiB, native {read.NativeMiB:0.00} MiB, resident {read.ResidentMiB:0.0} MiB, {read.Handles} handles, {read.Threads} threads, {read.ResidentUsers} users, lag {read.LagEvents}, {read.CommittedEvents} events"));
        return read;
    }

    private static void Judge(CaseRun run, IReadOnlyList<SoakMinute> minutes)
    {
        // What is held is judged; its two parts are reported beside it: what one gives back the other may take.
        (string What, Func<SoakMinute, double> Value, bool IsCount, bool IsJudged)[] series =
        [
            ("held (live managed + native), MiB", m => m.HeldMiB, false, true), ("live managed, MiB", m => m.LiveMiB, false, false), ("native, MiB", m => m.NativeMiB, false, false),
            ("handles", m => m.Handles, true, true), ("threads", m => m.Threads, true, true),
        ];
        foreach (var (what, value, isCount, isJudged) in series)
        {
            if (minutes.Count < 3)
            {
                run.Log($"{what}: too few readings for a slope");
                continue;
            }

            var (slope, failure) = SoakVerdict.Judge(what, minutes, value, isCount);
            run.Figures[$"{what}: at the start"] = Math.Round(slope.AtStart, 3);
            run.Figures[$"{what}: slope an hour"] = Math.Round(slope.PerUnit, 4);
            run.Figures[$"{what}: slope's 95 % interval from"] = Math.Round(slope.Low, 4);
            run.Figures[$"{what}: slope's 95 % interval to"] = Math.Round(slope.High, 4);
            run.Log(string.Create(CultureInfo.InvariantCulture, $"{what}: {slope.AtStart:0.00}, slope {slope.PerUnit:0.000} an hour ({slope.RelativePerUnit:P2}), 95 % interval {slope.Low:0.000} to {slope.High:0.000}"));
            if (isJudged && failure is not null) run.Fail(failure);
        }
    }

    private static async Task<long> CommittedAsync(EngineProcess engine, CancellationToken cancellation) =>
        await engine.StatusAsync(cancellation) is { } status ? ShardStates.Committed(status) : throw new InvalidOperationException("the engine does not say how far it is");

    private static double InMiB(long bytes) => Math.Round(bytes / MiB, 3);
}
