using System.Diagnostics;
using Streaming.Faults.Engine;

namespace Streaming.Faults.Cases;

/// <summary>
/// The undisturbed end of a case: one process reads everything, and is drained. That it did is asked of the broker, not of the engine: one whose reader stands sees no lag, and a next process would read
/// what this one never would.
/// </summary>
/// <param name="run">The case.</param>
/// <param name="transactions">Transactions that are still open.</param>
internal sealed class Healing(CaseRun run, OpenTransactions transactions)
{
    private readonly UnreadInput _unread = UnreadInput.Of(run.Feeder.Kafka);

    /// <summary>Lets an engine that was started without ticks come past the end of its input, and drains it.</summary>
    /// <returns>Whether it left transactions open that time alone ended: what those hid could not be read before.</returns>
    public async Task<bool> DrainAsync(EngineProcess engine, CancellationToken cancellation)
    {
        if (await WhyNotAtEndAsync(engine, cancellation) is { } why) run.Fail($"the engine did not come to the end of its input: {why}");
        if (!engine.HasExited) Signals.SendTerminate(engine.Id);
        if (!await engine.WaitForExitAsync(run.Options.Patience, cancellation))
        {
            run.Fail("the engine did not drain");
            engine.Kill();
        }
        else if (engine.ExitCode != 0) run.Fail($"the drained engine ended with {engine.ExitCode}");

        var (hanging, waited) = await transactions.EndAsync(run.HealLimit, cancellation);
        if (hanging.Count > 0) run.Fail($"after the drain {Tell(hanging)}");
        return waited > TimeSpan.Zero;
    }

    // Null where every shard is past its end.
    private async Task<string?> WhyNotAtEndAsync(EngineProcess engine, CancellationToken cancellation)
    {
        var (clock, isLogged) = (Stopwatch.StartNew(), false);
        while (true)
        {
            var isAtEnd = await engine.WaitForAsync(ShardStates.AtEnd(run.Options.Partitions), 8, run.HealLimit - clock.Elapsed, cancellation);
            if (engine.HasExited) return $"it ended with {engine.ExitCode}";
            if (isAtEnd && await transactions.EndAsync(run.HealLimit, cancellation) is { Hanging: { Count: > 0 } hanging }) return Tell(hanging);
            // Asked after the engine's word: what it has committed by now.
            if (await engine.StatusAsync(cancellation) is { } status)
            {
                var standing = await _unread.StandingAsync(status, cancellation);
                if (isAtEnd && standing.Count == 0) return null;
                if (!isAtEnd) return standing.Count > 0 ? string.Join("; ", standing) : $"all is committed, but by its own account {ShardStates.Tell(status)}";
                if (!isLogged) run.Log($"by its own account the engine is at its end, by the broker's not yet: {string.Join("; ", standing)}");
                isLogged = true;
            }
            else if (!isAtEnd) return "it does not answer";

            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    private static string Tell(IReadOnlyList<PartitionEnd> hanging) => $"transactions outlived their time: {string.Join(", ", hanging)}";
}
