using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>The engine kills itself at one named point again and again, each time at another pass of it, while one input goes on.</summary>
internal sealed class CrashPointCase : FaultCase
{
    private const int Killed = 137;

    /// <summary>The point.</summary>
    public required string Point { get; init; }

    /// <summary>Kills.</summary>
    public int Kills { get; init; } = 10;

    /// <summary>Each kill is at a random pass from 1 to here.</summary>
    public required int MaxPass { get; init; }

    /// <summary>Passes that every start makes before.</summary>
    public int PassesBefore { get; init; }

    /// <summary>Goes on after the point and is killed a random time of up to this later, ms; 0: killed at the point.</summary>
    public double MaxAfterMs { get; init; }

    /// <summary>Stands still at the point for this long before it is killed, ms: what was sent arrives.</summary>
    public double WaitMs { get; init; }

    /// <summary>What brings the engine to the point.</summary>
    public CrashTrigger Trigger { get; init; }

    /// <summary>Whether a life without a crash point goes before each kill and is itself killed with R behind C: take-overs then have something to restore.</summary>
    public bool LivesBetween { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        using var model = Trigger == CrashTrigger.ModelReload ? new ModelFolder(run) : null;
        await run.Feeder.StartAsync(cancellation);
        for (var kill = 1; kill <= run.AtMost(Kills); kill++) await KillAsync(run, model, kill, cancellation);
        if (model is null) return await run.JudgeAsync(cancellation);
        using (var last = run.Start()) await ServesAsync(run, last, model, "after the last kill", cancellation);
        return await JudgeAsync(run, model, cancellation);
    }

    private async Task KillAsync(CaseRun run, ModelFolder? model, int kill, CancellationToken cancellation)
    {
        var how = MaxAfterMs > 0 ? string.Create(CultureInfo.InvariantCulture, $":after={run.Random.NextDouble() * MaxAfterMs:0.0}") : WaitMs > 0 ? $":wait={WaitMs:0}" : "";
        var point = string.Create(CultureInfo.InvariantCulture, $"{Point}:{PassesBefore + run.Random.Next(1, MaxPass + 1)}{how}");
        if (LivesBetween) await Life.RunAsync(run, cancellation);
        using var engine = run.Start(point);
        if (Trigger == CrashTrigger.None) await WaitAsync(run, engine, point, kill, cancellation);
        else if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail($"kill {kill}: the engine did not start");
        else
        {
            if (model is not null)
            {
                if (!await ServesAsync(run, engine, model, $"kill {kill}", cancellation)) return;
                model.Change();
            }
            else Signals.SendTerminate(engine.Id);
            await WaitAsync(run, engine, point, kill, cancellation);
        }
    }

    // What was there when the life before was killed on its way to it, whole, and in use: a list of this life is given.
    private static async Task<bool> ServesAsync(CaseRun run, EngineProcess engine, ModelFolder model, string when, CancellationToken cancellation)
    {
        var serves = "nothing";
        if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && Take(ShardStates.Model(s), out serves), 1, run.Options.Patience, cancellation)) run.Fail($"{when}: the engine did not start");
        else if (serves != model.Version) run.Fail($"{when}: the model in force is {serves}, and {model.Version} is there");
        else
        {
            // Committed ones: what is merely worked, the next life scores anew.
            var had = (await ListsAsync(run, model, cancellation)).Lists[model.Version];
            for (var end = DateTime.UtcNow + run.Options.Patience; DateTime.UtcNow < end; await Task.Delay(200, cancellation))
                if ((await ListsAsync(run, model, cancellation)).Lists[model.Version] > had) return true;
            run.Fail($"{when}: no list of the model {model.Version} was given");
        }

        return false;
    }

    private static async Task<CaseResult> JudgeAsync(CaseRun run, ModelFolder model, CancellationToken cancellation)
    {
        var result = await run.JudgeAsync(cancellation);
        var lists = await ListsAsync(run, model, cancellation);
        foreach (var (version, count) in lists.Lists) run.Figures[$"lists of model {version}"] = count;
        run.Figures["lists that no model scored and that say why"] = lists.Unscored;
        foreach (var fault in lists.Faults) run.Fail(fault);
        return result with { Failures = [.. run.Failures], Passed = run.Failures.Count == 0 };
    }

    private static async Task<ListModels> ListsAsync(CaseRun run, ModelFolder model, CancellationToken cancellation)
    {
        var lists = new ListModels(model.Versions);
        await lists.ReadAsync(run.Feeder.Kafka, run.Options.Partitions, cancellation);
        return lists;
    }

    private static bool Take(string model, out string taken)
    {
        taken = model;
        return true;
    }

    private static async Task WaitAsync(CaseRun run, EngineProcess engine, string point, int kill, CancellationToken cancellation)
    {
        if (!await engine.WaitForExitAsync(run.Options.Patience, cancellation)) run.Fail($"kill {kill}: {point} was not reached");
        else if (engine.ExitCode != Killed || !engine.AtCrashPoint.IsCompleted) run.Fail($"kill {kill}: {point}: ended with {engine.ExitCode} instead");
        else run.Fault($"kill {kill}: {point}");
    }
}
