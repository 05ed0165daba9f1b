using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// A commit is held back between client and broker until the client gave it up, and then reaches the broker all the same. A hold counts where the client had gone on before, and the broker judged the
/// request; a case that had to hold too many to get its number fails.
/// </summary>
internal sealed class HeldCommitCase : FaultCase
{
    /// <summary>The broker's limit of a transaction, ms: short, so that many faults fit into little time.</summary>
    public int TransactionTimeoutMs { get; init; } = 2000;

    /// <summary>Holds that must count.</summary>
    public required int Holds { get; init; }

    /// <summary>Least share of the holds that must count.</summary>
    public double LeastShare { get; init; } = 0.75;

    /// <summary>Least and most time that one is held, ms.</summary>
    public required (double Least, double Most) HoldMs { get; init; }

    /// <summary>Whether the client loses its connection at once; otherwise it waits until its own limit.</summary>
    public bool CutsClient { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new EndTxnProxy(run.Options.ProxyPort, run.Options.ProxiedListenerPort);
        var commits = new HeldCommits(run, proxy, HoldMs, CutsClient);
        run.More.AddRange(HeldCommits.Settings(TransactionTimeoutMs));
        await run.Feeder.StartAsync(cancellation);
        run.Bootstrap = $"127.0.0.1:{run.Options.ProxyPort}";
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            var holds = run.AtMost(Holds);
            var most = (int)Math.Ceiling(holds / LeastShare);
            while (commits.Counted < holds && commits.Count < most && run.Failures.Count == 0 && !engine.HasExited) await HoldAsync(run, commits, cancellation);
            if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
            else if (commits.Counted < holds && run.Failures.Count == 0)
                run.Fail(string.Create(CultureInfo.InvariantCulture, $"of {commits.Count} commits held {commits.Counted} were released after the client gave up, and answered: fewer than {LeastShare:P0}"));
        }

        if (proxy.Unreadable is { } why) run.Fail($"the proxy could not read {why}");
        run.Bootstrap = run.Options.Kafka;
        commits.Tell();
        return await run.JudgeAsync(cancellation);
    }

    private static async Task HoldAsync(CaseRun run, HeldCommits commits, CancellationToken cancellation)
    {
        if (await commits.NextAsync(run.Options.Patience, cancellation) is not { } outcome) run.Fail($"hold {commits.Count + 1}: no commit came by");
        else if (outcome is { State: HeldState.NewerEpoch, Answer: KafkaErrors.None }) run.Fail($"hold {commits.Count}: the broker took a commit of an epoch that was over");
    }
}
