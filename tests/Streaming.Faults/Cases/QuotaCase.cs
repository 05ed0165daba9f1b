using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// The broker slows the engine's clients down to a quota, first what they write, then what they read; the shop writes on as fast as before. The input waits in Kafka (as the broker says), every shard goes on in every window, no
/// client is replaced or given up, no run of a shard ends in an error, and memory does not hold what waits.
/// <para>Kafka answers what goes beyond a quota by not reading from the connection until the mean of the last eleven seconds is right again. So a quota that strikes at full speed, or a batch that is many times what it allows, silences a
/// connection for longer than <c>Kafka:MessageTimeoutMs</c>, and the transaction under way times out whatever the client does (docs/fault-model-processes.md). Here the engine lives under the quota: it comes while nothing is fed, and batches are small.</para>
/// </summary>
internal sealed class QuotaCase : FaultCase
{
    private const double MiB = 1024 * 1024;

    // A quota that slows nothing down is no fault, and what waits must be more than memory may grow by, or that would show nothing.
    private const double SlowedBelow = 0.7, LeastTimesBound = 2;
    private const int WarmUpTimes = 8, WarmUps = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private const string NoQuota = "1000000000";

    // A reader is given what its quota allows for eleven seconds at once, of one partition perhaps, and then nothing for as long. What was before eleven seconds counts for no quota. So a fetch of all partitions is to
    // fit into a few seconds of it, as docs/runbooks.md tells who sets such a quota: with the client's own megabyte a partition, two fetches came in two minutes.
    private const int FetchBytes = 65_536;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60), Quiet = TimeSpan.FromSeconds(15), Look = TimeSpan.FromSeconds(1);
    private static readonly string[] Default = ["--alter", "--entity-type", "clients", "--entity-default"], Shop = ["--alter", "--entity-type", "clients", "--entity-name", Feeder.ClientId];

    // What tells of a time-out that brings the next.
    private static readonly string[] Cascade = ["streaming_shard_failures_total", "streaming_kafka_clients_given_up_total", "streaming_kafka_clients_replaced_total"];

    /// <summary>Bytes a second, as they are sent, that the engine's shards may write together.</summary>
    public required int WritesPerSecond { get; init; }

    /// <summary>Bytes a second that it may read.</summary>
    public required int ReadsPerSecond { get; init; }

    /// <summary>How long what they write is slowed down, and then what they read, s.</summary>
    public required int Seconds { get; init; }

    /// <summary>Most events of a batch, so that what one writes is little for the quota.</summary>
    public required int BatchRecords { get; init; }

    /// <summary>Bytes of each event that are ignored.</summary>
    public required int PadBytes { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        (run.Feeder.PadBytes, run.Feeder.IsPadNoise) = (PadBytes, true);
        run.More.AddRange(
        [
            .. MemoryWatch.Settings, "--set", string.Create(CultureInfo.InvariantCulture, $"Shard:MaxBatchRecords={BatchRecords}"),
            "--set", string.Create(CultureInfo.InvariantCulture, $"Kafka:ClientProperties:fetch.message.max.bytes={FetchBytes}"),
        ]);
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await SlowAsync(run, engine, cancellation);
        }

        return await run.JudgeAsync(cancellation);
    }

    private async Task SlowAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        await run.Servers.KafkaToolAsync("configs", [.. Shop, "--add-config", $"producer_byte_rate={NoQuota},consumer_byte_rate={NoQuota}"], cancellation);
        try
        {
            await using var memory = MemoryWatch.Start(engine);
            // An engine that makes up for a backlog at full speed holds more than one that is never behind: so it will do after each quota, and at the end.
            await Task.Delay(Quiet, cancellation);
            _ = memory.TakeMost();
            for (var i = 0; i < WarmUps; i++)
            {
                run.Feeder.EventsPerSecond *= WarmUpTimes;
                await Task.Delay(WarmUp, cancellation);
                run.Feeder.EventsPerSecond /= WarmUpTimes;
                if (!await IsMadeUpAsync(run, engine, cancellation)) return;
            }

            memory.TakeForBefore();
            var waited = await QuotaAsync(run, engine, "producer_byte_rate", WritesPerSecond, "what it writes", cancellation);
            if (run.Failures.Count == 0) waited = Math.Max(waited, await QuotaAsync(run, engine, "consumer_byte_rate", ReadsPerSecond, "what it reads", cancellation));
            if (run.Failures.Count == 0 && await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after the quotas {stuck}");
            run.Figures["MiB that waited in Kafka at most"] = Math.Round(waited, 1);
            if (waited < LeastTimesBound * MemoryWatch.MostGrowthMiB) run.Fail($"{waited:0} MiB waited in Kafka at most: too little to show that memory does not grow by more than {MemoryWatch.MostGrowthMiB:0}");
            memory.Judge(run);
        }
        finally
        {
            await run.Servers.KafkaToolAsync("configs", [.. Shop, "--delete-config", "producer_byte_rate,consumer_byte_rate"], CancellationToken.None);
        }
    }

    // What waited in Kafka at its end, MiB.
    private async Task<double> QuotaAsync(CaseRun run, EngineProcess engine, string quota, int bytesPerSecond, string what, CancellationToken cancellation)
    {
        if (!await IsMadeUpAsync(run, engine, cancellation)) return 0;
        await run.Feeder.PauseAsync(cancellation);
        await Task.Delay(Quiet, cancellation);
        var before = await CountAsync(engine, cancellation);
        var rate = bytesPerSecond.ToString(CultureInfo.InvariantCulture);
        var (fed, lag, committed, windows, finding) = (0L, 0L, 0L, 0, (string?)null);
        await run.Servers.KafkaToolAsync("configs", [.. Default, "--add-config", $"{quota}={rate}"], cancellation);
        try
        {
            run.Feeder.Resume();
            (fed, lag, committed) = (run.Feeder.Fed, await run.LagAsync(cancellation), await CommittedAsync(run, cancellation));
            var lasts = TimeSpan.FromSeconds(Seconds);
            (windows, finding) = await OutageWatch.WindowsAsync(run.Options.Partitions, lasts, OutageWatch.WindowsIn(lasts, Window), () => ShardProgress.PositionsAsync(engine, cancellation), null, cancellation);
            (fed, lag, committed) = (run.Feeder.Fed - fed, await run.LagAsync(cancellation) - lag, await CommittedAsync(run, cancellation) - committed);
        }
        finally
        {
            await run.Servers.KafkaToolAsync("configs", [.. Default, "--delete-config", quota], CancellationToken.None);
        }

        // What the quota had held back comes out now; a time-out that it caused too.
        await Task.Delay(Quiet, cancellation);
        var mib = lag * run.Feeder.BytesARecord / MiB;
        run.Figures[$"{what} slowed down: events a second fed"] = Math.Round(fed / (double)Seconds, 1);
        run.Figures[$"{what} slowed down: events a second committed"] = Math.Round(committed / (double)Seconds, 1);
        run.Figures[$"{what} slowed down: events more that waited at its end"] = lag;
        run.Figures[$"{what} slowed down: windows in which every shard committed"] = finding is null ? windows : windows - 1;
        var after = await CountAsync(engine, cancellation);
        for (var i = 0; i < Cascade.Length; i++) run.Figures[$"{what} slowed down: {Cascade[i]}"] = after[i] - before[i];
        if (engine.HasExited) run.Fail($"{what} slowed down: the engine ended by itself with {engine.ExitCode}");
        else if (committed > fed * SlowedBelow) run.Fail($"the quota of {what} slowed nothing down: {committed} of {fed} events were committed under it");
        else if (finding is not null) run.Fail($"{what} slowed down: {finding}");
        for (var i = 0; i < Cascade.Length; i++)
        {
            if (after[i] > before[i]) run.Fail($"{what} slowed down: {Cascade[i]} rose by {after[i] - before[i]:0}");
        }

        if (run.Failures.Count == 0) run.Fault($"{what} slowed down to {rate} bytes a second for {Seconds} s: {fed} events fed, {committed} committed, {mib:0} MiB more waited; every shard went on in each of {windows} windows, no client was replaced and no shard failed");
        return mib;
    }

    private static async Task<bool> IsMadeUpAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (await run.LagAsync(cancellation) is var lag && lag > run.Feeder.EventsPerSecond * 3)
        {
            if (engine.HasExited || clock.Elapsed > run.HealLimit)
            {
                run.Fail(engine.HasExited ? $"the engine ended by itself with {engine.ExitCode}" : $"the engine stays {lag} events behind without a quota");
                return false;
            }

            await Task.Delay(Look, cancellation);
        }

        return true;
    }

    private static async Task<double[]> CountAsync(EngineProcess engine, CancellationToken cancellation)
    {
        var counts = new double[Cascade.Length];
        for (var i = 0; i < counts.Length; i++) counts[i] = await engine.MetricAsync(Cascade[i], cancellation);
        return counts;
    }

    private static async Task<long> CommittedAsync(CaseRun run, CancellationToken cancellation) =>
        (await run.GroupOffsetsAsync(cancellation, waits: false)).Where(o => o.Key.Topic == run.Feeder.EventsTopic).Sum(o => o.Value);
}
