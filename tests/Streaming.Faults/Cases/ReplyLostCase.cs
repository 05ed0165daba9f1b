using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// The broker commits, and the process that asked for it lives on and never hears so: its connection is cut in place of the answer, or nothing comes until its own limit. By turns. It must find out which outcome there was, and go on by itself.
/// </summary>
internal sealed class ReplyLostCase : FaultCase
{
    private const int LookEvery = 10;
    private int _committed, _swallowed, _unanswered;

    /// <summary>The broker's limit of a transaction, ms: short, so that many faults fit into little time.</summary>
    public int TransactionTimeoutMs { get; init; } = 2000;

    /// <summary>Answers to lose that said that the commit was done.</summary>
    public required int Losses { get; init; }

    /// <summary>Least share of the answers lost that must have said so.</summary>
    public double LeastShare { get; init; } = 0.75;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new EndTxnProxy(run.Options.ProxyPort, run.Options.ProxiedListenerPort);
        run.More.AddRange(HeldCommits.Settings(TransactionTimeoutMs));
        await run.Feeder.StartAsync(cancellation);
        run.Bootstrap = $"127.0.0.1:{run.Options.ProxyPort}";
        using (var engine = run.Start())
        {
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            var losses = run.AtMost(Losses);
            var most = (int)Math.Ceiling(losses / LeastShare);
            for (var number = 1; _committed < losses && number <= most && run.Failures.Count == 0 && !engine.HasExited; number++)
            {
                await LoseAsync(run, proxy, number, cancellation);
                // Not after each: then no loss would meet what the one before left.
                if (_committed >= losses || number % LookEvery == 0) await GoesOnAsync(run, engine, number, cancellation);
            }

            if (engine.HasExited) run.Fail($"the engine ended by itself with {engine.ExitCode}");
            else if (_committed < losses && run.Failures.Count == 0) run.Fail($"of {_swallowed} answers lost {_committed} said that the commit was done");
        }

        if (proxy.Unreadable is { } why) run.Fail($"the proxy could not read {why}");
        run.Bootstrap = run.Options.Kafka;
        run.Figures["EndTxn requests seen"] = proxy.Seen;
        run.Figures["answers lost that said that the commit was done"] = _committed;
        run.Figures["answers lost that said something else"] = _swallowed - _committed;
        run.Figures["commits that the broker did not answer"] = _unanswered;
        return await run.JudgeAsync(cancellation);
    }

    private async Task LoseAsync(CaseRun run, EndTxnProxy proxy, int number, CancellationToken cancellation)
    {
        // A moment of its own each time: with other batches of other shards under way.
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(0, 1500)), cancellation);
        var lost = proxy.LoseNextReply(cutsClient: number % 2 == 1);
        try
        {
            var request = await lost.Begun.WaitAsync(run.Options.Patience, cancellation);
            if (await lost.Lost.WaitAsync(run.Options.Patience, cancellation) is not { } answer)
            {
                _unanswered++;
                run.Log($"{number}: {request.TransactionalId} epoch {request.Epoch}: the broker did not answer (does not count)");
                return;
            }

            _swallowed++;
            var text = string.Create(CultureInfo.InvariantCulture, $"{number}: {request.TransactionalId} epoch {request.Epoch}: answer {KafkaErrors.NameOf(answer)} lost, {(lost.CutsClient ? "the connection cut" : "silence")}");
            if (answer != KafkaErrors.None)
            {
                run.Log(text + " (does not count)");
                return;
            }

            _committed++;
            run.Fault(text);
        }
        catch (TimeoutException)
        {
            run.Fail($"{number}: {(lost.Begun.IsCompleted ? "the broker's answer did not come" : "no commit came by")}");
        }
    }

    private static async Task GoesOnAsync(CaseRun run, EngineProcess engine, int number, CancellationToken cancellation)
    {
        if (await ShardProgress.StuckAsync(run, engine, await ShardProgress.PositionsAsync(engine, cancellation), cancellation) is { } stuck) run.Fail($"after answer {number} was lost {stuck}");
    }
}
