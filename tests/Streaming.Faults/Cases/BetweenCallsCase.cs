using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// One shard stands still at a named point between two calls of a transaction. Meanwhile the broker, which coordinates the transaction, goes away and comes back; or nothing but time passes, more than
/// a transaction may take. The shard then goes on with its next call. Each fault takes a new process: a point strikes once.
/// </summary>
internal sealed class BetweenCallsCase : FaultCase
{
    // The first batches of a start are others than those of a steady run; outputs come by the hundred.
    private const int LeastPass = 5, MostPass = 15, OutputsAPass = 10, InitialisedPasses = 4;
    private const string Initialised = "A12-initialised", SomeProduced = "A3-some-produced";

    private int _back;

    /// <summary>The points, in the order of a transaction.</summary>
    public required IReadOnlyList<string> Points { get; init; }

    /// <summary>What happens to the broker at each point, in turn; empty: nothing, time passes.</summary>
    public IReadOnlyList<BrokerFault> Broker { get; init; } = [];

    /// <summary>How long the shard stands, s.</summary>
    public required int HangSeconds { get; init; }

    /// <summary>How long the broker lets a transaction take, ms.</summary>
    public required int TransactionTimeoutMs { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.More.AddRange(["--set", string.Create(CultureInfo.InvariantCulture, $"Kafka:TransactionTimeoutMs={TransactionTimeoutMs}")]);
        await run.Feeder.StartAsync(cancellation);
        var longest = 0.0;
        foreach (var point in Points)
        {
            // A default of the enumeration would be a fault.
            foreach (var fault in Broker.Count == 0 ? [null] : Broker.Select(b => (BrokerFault?)b))
                if (run.Failures.Count == 0) longest = Math.Max(longest, await StandAsync(run, point, fault, cancellation));
        }

        run.Figures["longest time until every shard had committed again after it went on, s"] = Math.Round(longest, 1);
        if (Broker.Count > 0) run.Figures["times that the broker was back before the shard went on"] = _back;
        return await run.JudgeAsync(cancellation);
    }

    private async Task<double> StandAsync(CaseRun run, string point, BrokerFault? fault, CancellationToken cancellation)
    {
        var pass = point == Initialised ? run.Random.Next(1, InitialisedPasses + 1) : run.Random.Next(LeastPass, MostPass + 1) * (point == SomeProduced ? OutputsAPass : 1);
        using var engine = run.Start(string.Create(CultureInfo.InvariantCulture, $"{point}:{pass}:hang={HangSeconds}"));
        var what = fault is null ? point : $"{point}, broker {(fault == BrokerFault.Kill ? "killed" : "stopped")} and started";
        if (await Task.WhenAny(engine.AtCrashPoint, Task.Delay(run.Options.Patience, cancellation)) != engine.AtCrashPoint)
        {
            run.Fail($"{what}: the point was not reached");
            return 0;
        }

        var clock = Stopwatch.StartNew();
        var before = await ShardProgress.PositionsAsync(engine, cancellation);
        if (fault is not null)
        {
            await run.Servers.KafkaDownAsync(fault == BrokerFault.Kill, cancellation);
            await run.Servers.KafkaUpAsync(cancellation);
            if (clock.Elapsed.TotalSeconds <= HangSeconds) _back++;
            else run.Log(string.Create(CultureInfo.InvariantCulture, $"{what}: the broker was back after {clock.Elapsed.TotalSeconds:0.0} s only, the shard went on before"));
        }

        if (clock.Elapsed.TotalSeconds < HangSeconds) await Task.Delay(TimeSpan.FromSeconds(HangSeconds) - clock.Elapsed, cancellation);
        var after = Stopwatch.StartNew();
        if (await ShardProgress.StuckAsync(run, engine, before, cancellation) is { } stuck) run.Fail($"{what}: {stuck}");
        else run.Fault(string.Create(CultureInfo.InvariantCulture, $"{what}: every shard had committed again {after.Elapsed.TotalSeconds:0.0} s after it went on"));
        return after.Elapsed.TotalSeconds;
    }
}
