using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// The engine is killed from outside at random moments after its shards run; or asked to end first, and killed a second later. A life may replay no more than lay between what was durable and what was
/// committed, however many went before it, and the last lives no more than the first.
/// </summary>
internal sealed class KillCase : FaultCase
{
    private readonly ReplayLength _replay = new();

    /// <summary>Kills.</summary>
    public int Kills { get; init; } = 30;

    /// <summary>Least and most time that the engine may run before, s.</summary>
    public (double Least, double Most) Seconds { get; init; } = (0, 4);

    /// <summary>Whether SIGTERM comes a second before the kill.</summary>
    public bool AsksFirst { get; init; }

    /// <summary>Whether the time counts from the start of the process instead of from the start of its shards.</summary>
    public bool FromStart { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        var kills = run.AtMost(Kills);
        for (var (kill, attempt) = (1, 1); kill <= kills; attempt++)
        {
            if (attempt > kills * 3)
            {
                run.Fail($"only {kill - 1} of {kills} kills met a living process in {attempt - 1} attempts");
                break;
            }

            using var engine = run.Start();
            if (!FromStart && !await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation))
            {
                run.Fail($"kill {kill}: the engine did not start");
                break;
            }

            if (!FromStart && await _replay.JudgeAsync(engine, cancellation) is { } tooLong)
            {
                run.Fail($"kill {kill}: {tooLong}");
                break;
            }

            var seconds = Seconds.Least + (run.Random.NextDouble() * (Seconds.Most - Seconds.Least));
            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellation);
            if (engine.HasExited)
            {
                run.Fail($"kill {kill}: the engine ended by itself with {engine.ExitCode}");
                break;
            }

            await _replay.NoteAsync(engine, cancellation);
            if (AsksFirst)
            {
                Signals.SendTerminate(engine.Id);
                await engine.WaitForExitAsync(TimeSpan.FromSeconds(1), cancellation);
            }

            if (!engine.HasExited)
            {
                engine.Kill();
                run.Fault($"kill {kill++}: killed {seconds:0.0} s after it ran");
            }
            else if (engine.ExitCode == 0) run.Log($"attempt {attempt}: drained within the second, nothing to kill");
            else
            {
                run.Fail($"kill {kill}: the drain ended with {engine.ExitCode}");
                break;
            }
        }

        if (_replay.JudgeGrowth() is { } growth) run.Fail(growth);
        _replay.Into(run.Figures);
        return await run.JudgeAsync(cancellation);
    }
}
