using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// The broker answers where the settings say, and advertises an address where nobody listens: the commonest mistake of a new installation. The engine waits and names that address; once somebody listens
/// there it goes on. The port must be none of those that the system gives away by itself: a client that asks for it again and again is given it in the end, and reaches itself.
/// </summary>
internal sealed class AdvertisedAddressCase : FaultCase
{
    private volatile int _named;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        var (advertised, healed) = (string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{run.Options.ProxyPort}"), run.Bootstrap);
        run.Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{run.Options.ProxiedListenerPort}");
        using (var engine = run.Start(heard: line => _named += line.Contains(advertised, StringComparison.Ordinal) ? 1 : 0))
        {
            for (var time = 1; time <= 2 && run.Failures.Count == 0; time++)
            {
                var when = time == 1 ? "at the start" : "in mid-run";
                var before = await ShardProgress.PositionsAsync(engine, cancellation);
                await LostAsync(run, engine, when, cancellation);
                if (run.Failures.Count > 0) break;
                await using var listener = new EndTxnProxy(run.Options.ProxyPort, run.Options.ProxiedListenerPort);
                var clock = Stopwatch.StartNew();
                if (await ShardProgress.StuckAsync(run, engine, before, cancellation) is { } stuck) run.Fail($"{when}: {stuck}");
                else run.Fault(string.Create(CultureInfo.InvariantCulture, $"{when}: not ready, {advertised} named {_named} times; every shard had committed {clock.Elapsed.TotalSeconds:0.0} s after somebody listened there"));
                _named = 0;
            }
        }

        run.Bootstrap = healed;
        return await run.JudgeAsync(cancellation);
    }

    private async Task LostAsync(CaseRun run, EngineProcess engine, string when, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < run.Options.Patience; await Task.Delay(500, cancellation))
        {
            if (engine.HasExited)
            {
                run.Fail($"{when}: the engine ended with {engine.ExitCode}");
                return;
            }

            if (_named > 0 && await engine.ReadyAsync(cancellation) is { IsReady: false }) return;
        }

        run.Fail($"{when}: {(_named > 0 ? "the engine says that it is ready" : "the engine does not name the address that it could not reach")}");
    }
}
