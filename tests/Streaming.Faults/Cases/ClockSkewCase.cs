using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Faults.Clock;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Kafka;

namespace Streaming.Faults.Cases;

/// <summary>Engines whose clock is wrong by an hour or a day work for a while and are killed; each time one whose clock is right takes over.</summary>
internal sealed class ClockSkewCase : FaultCase
{
    private static readonly TimeSpan[] Shifts = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1)];
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5), Silence = TimeSpan.FromDays(1);

    /// <summary>Events that each engine commits.</summary>
    public int Events { get; init; } = 1500;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        var (shift, why) = await ClockShift.CompileAsync(run.Options.Root, run.Folder, cancellation);
        if (shift is null) return run.Result(AuditVerdict.None) with { Skipped = why };
        // A threshold that a single purchase reaches a day later: alerts come within the events of the case.
        run.More.AddRange(["--set", "Churn:Enter=0.51"]);
        await run.Feeder.StartAsync(cancellation);
        await AskForHistoryAsync(run, cancellation);
        foreach (var time in Shifts)
        {
            if (run.Failures.Count == 0) await LiveAsync(run, time, shift.Ahead(time), cancellation);
            if (run.Failures.Count == 0) await LiveAsync(run, TimeSpan.Zero, null, cancellation);
        }

        var result = await run.JudgeAsync(cancellation);
        var alerts = new AlertTimes(run.Feeder.Kafka, Silence, DateTime.UtcNow - started);
        for (var partition = 0; partition < run.Options.Partitions; partition++) await alerts.CheckAsync(partition, cancellation);
        run.Figures["churn alerts"] = alerts.Alerts;
        if (alerts.Alerts == 0) run.Fail("no alert went out: nothing is shown of their times");
        foreach (var fault in alerts.Faults.Take(10)) run.Fail(fault);
        run.Log($"{alerts.Alerts} alerts, {alerts.Faults.Count} early or twice");
        return result with { Failures = [.. run.Failures], Passed = run.Failures.Count == 0 };
    }

    // The workload's events are of years ago: without this no alert about them goes out.
    private static async Task AskForHistoryAsync(CaseRun run, CancellationToken cancellation)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(new ControlRequest { RequestId = "history", Type = "historical", TimeMs = 1 }, ContractsJson.Default.ControlRequest);
        await using var writer = new KafkaEventWriter(run.Feeder.Kafka, NullLogger<KafkaEventWriter>.Instance);
        for (var partition = 0; partition < run.Options.Partitions; partition++) writer.Write(run.Feeder.Kafka.Topics.Control, partition, default, request, isTombstone: false);
        await writer.FlushAsync(cancellation);
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
        if (!await engine.WaitForAsync(s => ShardStates.Committed(s) >= before + Events, 1, run.Options.Patience, cancellation)) run.Fail($"{name}: {Events} events were not committed");
        var alerts = await engine.MetricAsync("streaming_churn_alerts_total", cancellation);
        engine.Kill();
        if (environment is not null) run.Fault($"{name}: at least {Events} events committed from {before} on, and killed; {alerts:0} alerts");
        else run.Log($"{name}: took over and was killed; {alerts:0} alerts");
    }

    private static async Task<long> CommittedAsync(EngineProcess engine, CancellationToken cancellation) =>
        await engine.StatusAsync(cancellation) is { } status ? ShardStates.Committed(status) : 0;
}
