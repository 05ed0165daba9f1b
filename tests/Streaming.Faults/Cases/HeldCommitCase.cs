using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>A commit is held back between client and broker until the client gave it up, and then reaches the broker all the same.</summary>
internal sealed class HeldCommitCase : FaultCase
{
    /// <summary>The broker's limit of a transaction, ms: short, so that many faults fit into little time.</summary>
    public int TransactionTimeoutMs { get; init; } = 2000;

    /// <summary>Commits held.</summary>
    public required int Holds { get; init; }

    /// <summary>Least and most time that one is held, ms.</summary>
    public required (double Least, double Most) HoldMs { get; init; }

    /// <summary>Whether the client loses its connection at once; otherwise it waits until its own limit.</summary>
    public bool CutsClient { get; init; }

    /// <summary>Whether the engine goes on with its producer after an unclear answer; the case then must find a torn transaction.</summary>
    public bool IsDefenceOff { get; init; }

    /// <summary>The client's time-out of one request, ms; 0: the engine's default.</summary>
    public int SocketTimeoutMs { get; init; }

    /// <inheritdoc/>
    public override bool ShowsDamage => IsDefenceOff;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new EndTxnProxy(run.Options.ProxyPort, run.Options.ProxiedListenerPort);
        run.More.AddRange(["--set", $"Kafka:TransactionTimeoutMs={TransactionTimeoutMs}", "--set", $"Kafka:MessageTimeoutMs={TransactionTimeoutMs}"]);
        await run.Feeder.StartAsync(cancellation);
        string[] socket = SocketTimeoutMs == 0 ? [] : ["--set", $"Kafka:ClientProperties:socket.timeout.ms={SocketTimeoutMs.ToString(CultureInfo.InvariantCulture)}"];
        run.Bootstrap = $"127.0.0.1:{run.Options.ProxyPort}";
        using (var engine = run.Start(environment: IsDefenceOff ? new Dictionary<string, string> { ["DEFENCE_OFF"] = "reinit" } : null, settings: socket))
        {
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            for (var number = 1; number <= run.AtMost(Holds) && run.Failures.Count == 0 && !engine.HasExited; number++) await HoldAsync(run, proxy, number, cancellation);
            if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
        }

        run.Bootstrap = run.Options.Kafka;
        if (IsDefenceOff) run.HealLimit = TimeSpan.FromSeconds(60); // a torn shard never heals
        run.Figures["EndTxn requests seen"] = proxy.Seen;
        var result = await run.JudgeAsync(cancellation);
        return IsDefenceOff ? Inverted(run, result) : result;
    }

    private async Task HoldAsync(CaseRun run, EndTxnProxy proxy, int number, CancellationToken cancellation)
    {
        var time = TimeSpan.FromMilliseconds(HoldMs.Least + (run.Random.NextDouble() * (HoldMs.Most - HoldMs.Least)));
        var hold = proxy.HoldNext(time, CutsClient);
        try
        {
            var request = await hold.Begun.WaitAsync(run.Options.Patience, cancellation);
            await hold.Released.WaitAsync(run.Options.Patience, cancellation);
            run.Fault(string.Create(CultureInfo.InvariantCulture, $"hold {number}: {request.TransactionalId} epoch {request.Epoch} held {time.TotalMilliseconds:0} ms"));
        }
        catch (TimeoutException)
        {
            run.Fail($"hold {number}: no commit came by");
        }
    }

    // Without its defence the engine must be caught, or the case proves nothing.
    private static CaseResult Inverted(CaseRun run, CaseResult result)
    {
        var torn = result.Lost + result.Duplicated + result.Phantom + result.StateMismatches > 0; // that a shard stands or an engine does not start shows no tear
        run.Log(torn ? "torn, as it must be without the defence" : "NOT torn: the case does not bite");
        return result with { Passed = torn && result.Faults > 0, Failures = torn ? ["expected: " + string.Join("; ", result.Failures)] : ["the defence is off and nothing tore: the case does not bite"] };
    }
}
