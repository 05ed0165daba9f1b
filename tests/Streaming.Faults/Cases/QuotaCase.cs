using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>The broker slows every client down to a quota for a while: the input waits, nothing times out in a chain, memory stays as it is.</summary>
internal sealed class QuotaCase : FaultCase
{
    private const double GrowthLimit = 0.5;

    // A quota that slows nothing down is no fault.
    private const double SlowedBelow = 0.7;
    private static readonly TimeSpan Unhindered = TimeSpan.FromSeconds(15);
    private static readonly string[] Default = ["--alter", "--entity-type", "clients", "--entity-default"];

    /// <summary>Bytes a second of each client, producing and consuming.</summary>
    public required int BytesPerSecond { get; init; }

    /// <summary>How long, s.</summary>
    public required int Seconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            var begin = await CommittedAsync(engine, cancellation);
            await Task.Delay(Unhindered, cancellation);
            var (resident, committed) = (Resident(engine), await CommittedAsync(engine, cancellation));
            var rate = (committed - begin) / Unhindered.TotalSeconds;
            var quota = BytesPerSecond.ToString(CultureInfo.InvariantCulture);
            await run.Servers.KafkaToolAsync("configs", [.. Default, "--add-config", $"producer_byte_rate={quota},consumer_byte_rate={quota}"], cancellation);
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(Seconds), cancellation);
            }
            finally
            {
                await run.Servers.KafkaToolAsync("configs", [.. Default, "--delete-config", "producer_byte_rate,consumer_byte_rate"], CancellationToken.None);
            }

            var (after, meanwhile) = (Resident(engine), await CommittedAsync(engine, cancellation) - committed);
            run.Figures["events a second before the quota"] = Math.Round(rate, 1);
            run.Figures["events a second under the quota"] = Math.Round(meanwhile / (double)Seconds, 1);
            run.Figures["resident memory before, MiB"] = resident >> 20;
            run.Figures["resident memory after, MiB"] = after >> 20;
            if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
            else if (meanwhile / (double)Seconds > rate * SlowedBelow) run.Fail("the quota slowed nothing down");
            else if (after > resident * (1 + GrowthLimit)) run.Fail($"its memory grew from {resident >> 20} to {after >> 20} MiB");
            else if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after the quota {stuck}");
            else run.Fault($"{BytesPerSecond} bytes a second for {Seconds} s: {meanwhile} events committed meanwhile, {resident >> 20} to {after >> 20} MiB");
        }

        return await run.JudgeAsync(cancellation);
    }

    private static async Task<long> CommittedAsync(EngineProcess engine, CancellationToken cancellation) => await engine.StatusAsync(cancellation) is { } status ? ShardStates.Committed(status) : 0;

    private static long Resident(EngineProcess engine)
    {
        using var process = Process.GetProcessById(engine.Id);
        return process.WorkingSet64;
    }
}
