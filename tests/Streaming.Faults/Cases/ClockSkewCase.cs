using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Clock;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// Engines whose clock is wrong by an hour or a day work for a while and are killed; each time one whose clock is right takes over. A clock could count in two places: in the time from which alerts go out,
/// which the first start settles, and in ticks, which move an idle shard's time on. So the first engine's clock is wrong already, events are of now and not of a declared history, which has no ticks, and
/// each engine is left idle for a while.
/// </summary>
internal sealed class ClockSkewCase : FaultCase
{
    // The first would silence the case's purchases, were its clock believed.
    private static readonly TimeSpan[] Shifts = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1)];
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5), Silence = TimeSpan.FromDays(1), Idle = TimeSpan.FromSeconds(6);

    // Event time of the first life runs so much faster than time: what was bought then falls due a day later in each of the lives after it, under load and while they are idle.
    private const int Pace = 8;

    /// <summary>Events that each engine commits, half of them before it is idle and half after.</summary>
    public int Events { get; init; } = 1500;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        var (shift, why) = await ClockShift.CompileAsync(run.Options.Root, run.Folder, cancellation);
        if (shift is null) return run.Result(AuditVerdict.None) with { Skipped = why };
        var times = new ShopTime(Pace, Silence);
        // A threshold that every purchase reaches a day later, and events of a day ahead: alerts come within the minutes of the case.
        run.More.AddRange(["--set", "Churn:NoRepeat=0", "--set", "Fold:FutureAllowance=1d"]);
        run.Feeder.Clock = times.Next;
        await run.Feeder.StartAsync(cancellation);
        foreach (var time in Shifts)
        {
            if (run.Failures.Count == 0) await LiveAsync(run, time, shift.Ahead(time), cancellation);
            times.GoOn(); // after the first; again it changes nothing
            if (run.Failures.Count == 0) await LiveAsync(run, TimeSpan.Zero, null, cancellation);
        }

        var result = await run.JudgeAsync(cancellation);
        var alerts = new AlertTimes(run.Feeder.Kafka, Silence, DateTime.UtcNow - started, Tolerance);
        for (var partition = 0; partition < run.Options.Partitions; partition++) await alerts.CheckAsync(partition, cancellation);
        run.Figures["churn alerts by a tick"] = alerts.AlertsByTick;
        run.Figures["ticks"] = alerts.Ticks;
        if (alerts.Alerts == 0) run.Fail("no alert went out: nothing is shown of their times");
        if (alerts.AlertsByTick == 0) run.Fail("no alert came by a tick: nothing is shown of those");
        foreach (var fault in alerts.Faults.Take(10)) run.Fail(fault);
        run.Log($"{alerts.Alerts} alerts, {alerts.AlertsByTick} of them by one of {alerts.Ticks} ticks; {alerts.Faults.Count} faults of time");
        return result with { Failures = [.. run.Failures], Passed = run.Failures.Count == 0 };
    }

    private async Task LiveAsync(CaseRun run, TimeSpan ahead, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"clock {ahead.TotalHours:+0;-0;0} h ahead");
        using var engine = run.Start(environment: environment);
        if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation))
        {
            run.Fail($"{name}: the engine did not start");
            return;
        }

        var seen = await engine.ClockAheadAsync(cancellation);
        if (seen is not { } clock || (clock - ahead).Duration() > Tolerance)
        {
            run.Fail($"{name}: the engine's clock is {seen} ahead");
            return;
        }

        var before = await CommittedAsync(engine, cancellation);
        await CommitAsync(run, engine, name, cancellation);
        if (run.Failures.Count == 0) await IdleAsync(run, engine, name, cancellation);
        if (run.Failures.Count == 0) await CommitAsync(run, engine, name, cancellation);
        var alerts = await engine.MetricAsync("streaming_churn_alerts_total", cancellation);
        engine.Kill();
        if (environment is not null) run.Fault($"{name}: at least {Events} events committed from {before} on, idle in between, and killed; {alerts:0} alerts");
        else run.Log($"{name}: took over, was idle in between and was killed; {alerts:0} alerts");
    }

    private async Task CommitAsync(CaseRun run, EngineProcess engine, string name, CancellationToken cancellation)
    {
        var from = await CommittedAsync(engine, cancellation);
        if (!await engine.WaitForAsync(s => ShardStates.Committed(s) >= from + (Events / 2), 1, run.Options.Patience, cancellation)) run.Fail($"{name}: {Events / 2} events were not committed");
    }

    // Ticks must move every shard on, and by no more than has passed.
    private static async Task IdleAsync(CaseRun run, EngineProcess engine, string name, CancellationToken cancellation)
    {
        await run.Feeder.PauseAsync(cancellation);
        try
        {
            // A shard that is still being taken over has no time yet.
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Lag(s) == 0 && ShardStates.StreamTimeOf(s).Values.All(t => t > 0), 2, run.Options.Patience, cancellation) || await engine.StatusAsync(cancellation) is not { } status)
            {
                run.Fail($"{name}: the engine did not come to the end of its input");
                return;
            }

            var (clock, from, to) = (Stopwatch.StartNew(), ShardStates.StreamTimeOf(status), new Dictionary<int, long>());
            var moved = await engine.WaitForAsync(s => (to = ShardStates.StreamTimeOf(s)).All(t => t.Value >= from.GetValueOrDefault(t.Key) + Idle.TotalMilliseconds), 1, run.Options.Patience, cancellation);
            var most = TimeSpan.FromMilliseconds(to.Max(t => t.Value - from.GetValueOrDefault(t.Key)));
            if (!moved) run.Fail($"{name}: ticks did not move every idle shard's time on");
            else if (most > clock.Elapsed + Tolerance) run.Fail($"{name}: ticks moved a shard's time on by {most} in {clock.Elapsed}");
            else run.Log(string.Create(CultureInfo.InvariantCulture, $"{name}: idle for {clock.Elapsed.TotalSeconds:0.0} s, time of the shards on by at most {most.TotalSeconds:0.0} s"));
        }
        finally
        {
            run.Feeder.Resume();
        }
    }

    private static async Task<long> CommittedAsync(EngineProcess engine, CancellationToken cancellation) =>
        await engine.StatusAsync(cancellation) is { } status ? ShardStates.Committed(status) : 0;
}
