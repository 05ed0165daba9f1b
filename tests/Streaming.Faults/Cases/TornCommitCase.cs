using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// As <see cref="HeldCommitCase"/>, but the engine goes on with its producer after an unclear answer. After each hold <c>audit</c> is asked; the case ends with the first torn transaction that it
/// proves (<see cref="TearEvidence"/>), and fails where it proves none.
/// </summary>
internal sealed class TornCommitCase : FaultCase
{
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(20), CommitLimit = TimeSpan.FromSeconds(60);

    // The broker looks for transactions that are past their limit each ten seconds: what the ended engine left open is aborted by then, and hides nothing from a reader of committed records.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(15);

    /// <summary>The broker's limit of a transaction, ms.</summary>
    public int TransactionTimeoutMs { get; init; } = 2000;

    /// <summary>Most commits held.</summary>
    public required int MaxHolds { get; init; }

    /// <summary>Least and most time that one is held, ms.</summary>
    public required (double Least, double Most) HoldMs { get; init; }

    /// <summary>Whether the client loses its connection at once; otherwise it waits until its own limit.</summary>
    public bool CutsClient { get; init; }

    /// <inheritdoc/>
    public override bool ShowsDamage => true;

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await using var proxy = new EndTxnProxy(run.Options.ProxyPort, run.Options.ProxiedListenerPort);
        var commits = new HeldCommits(run, proxy, HoldMs, CutsClient);
        // No ticks: they are transactions, and while audit reads there must be none.
        run.More.AddRange([.. HeldCommits.Settings(TransactionTimeoutMs), "--set", "Shard:TickInterval=1h"]);
        await run.Feeder.StartAsync(cancellation);
        run.Bootstrap = $"127.0.0.1:{run.Options.ProxyPort}";
        (AuditVerdict Verdict, TearEvidence Evidence)? tear = null;
        var engine = await StartAsync(run, cancellation);
        try
        {
            while (tear is null && commits.Count < Most(run) && run.Failures.Count == 0)
            {
                if (await commits.NextAsync(CommitLimit, cancellation) is null) run.Fail($"hold {commits.Count + 1}: no commit came by");
                tear = await LookAsync(run, engine, cancellation);
                if (tear is not null || !engine.HasExited) continue;
                engine.Dispose();
                engine = await StartAsync(run, cancellation);
            }
        }
        finally
        {
            engine.Dispose();
        }

        if (proxy.Unreadable is { } why) run.Fail($"the proxy could not read {why}");
        commits.Tell();
        return await ResultAsync(run, commits, tear, cancellation);
    }

    private int Most(CaseRun run) => run.AtMost(MaxHolds);

    private static async Task<EngineProcess> StartAsync(CaseRun run, CancellationToken cancellation)
    {
        var engine = run.Start(environment: new Dictionary<string, string> { ["DEFENCE_OFF"] = "reinit" });
        if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
        return engine;
    }

    // A tear counts that is there still when the engine has ended and every transaction is settled; what audit says beside a running engine is only a reason to look that closely.
    private static async Task<(AuditVerdict, TearEvidence)?> LookAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        await run.Feeder.PauseAsync(cancellation);
        try
        {
            var isQuiet = await engine.WaitForAsync(s => ShardStates.AtEnd(run.Options.Partitions)(s) && ShardStates.Parked(s) == 0, 2, QuietLimit, cancellation);
            if (isQuiet && !TearEvidence.Of(await run.AuditAsync(cancellation), new Dictionary<(string, int), long>(), mayOwe: false).IsTorn) return null;
            var mayOwe = !isQuiet && (await engine.StatusAsync(cancellation) is not { } status || ShardStates.Parked(status) > 0);
            if (!engine.HasExited) Signals.SendTerminate(engine.Id);
            if (!await engine.WaitForExitAsync(run.Options.Patience, cancellation)) engine.Kill();
            await Task.Delay(SettleTime, cancellation);
            var verdict = await run.AuditAsync(cancellation);
            var evidence = TearEvidence.Of(verdict, await run.GroupOffsetsAsync(cancellation), mayOwe);
            run.Log($"engine ended, transactions settled: {evidence}");
            return evidence.IsTorn ? (verdict, evidence) : null;
        }
        finally
        {
            run.Feeder.Resume();
        }
    }

    private static async Task<CaseResult> ResultAsync(CaseRun run, HeldCommits commits, (AuditVerdict Verdict, TearEvidence Evidence)? tear, CancellationToken cancellation)
    {
        await run.EndFeedAsync(cancellation);
        if (tear is not var (verdict, evidence))
        {
            run.Fail($"the defence is off, and of {commits.Count} commits held none tore a transaction: the case does not bite");
            return run.Result(await run.AuditAsync(cancellation));
        }

        run.Figures["commits held until the first proven tear, with which the case ends"] = commits.Count;
        run.Figures["records that no batch consumed though a later one did"] = evidence.SkippedOver;
        run.Figures["records that the group's offset passed and no batch consumed"] = evidence.OffsetAlone;
        run.Figures["records consumed without their effect"] = evidence.Missing;
        run.Figures["records not read yet (no damage)"] = evidence.Unread;
        var told = string.Create(CultureInfo.InvariantCulture, $"expected, after {commits.Count} holds: {evidence}: {CaseRun.Telling(verdict.Error)}");
        run.Log(told);
        var failures = run.Failures.Where(f => !f.Contains("no commit came by", StringComparison.Ordinal)).ToList(); // a torn shard may stand
        return run.Result(verdict) with { Lost = evidence.SkippedOver + evidence.OffsetAlone + evidence.Missing, Passed = failures.Count == 0 && commits.Counted > 0, Failures = [told, .. run.Failures] };
    }
}
