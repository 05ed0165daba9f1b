using System.Globalization;
using System.Text.Json;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Engine;

/// <summary>Whether every shard goes on. A sum hides one that stands, and a phase says what a shard means to do, not that it does it.</summary>
internal static class ShardProgress
{
    // A request has 3 s: what a busy machine does to one of them is not taken for silence.
    private const int Questions = 4;

    /// <summary>/status, asked several times where it does not answer; null where the engine ended or stays silent.</summary>
    public static async Task<JsonElement?> StatusAsync(EngineProcess engine, CancellationToken cancellation)
    {
        for (var question = 1; question <= Questions && !engine.HasExited; question++)
        {
            if (await engine.StatusAsync(cancellation) is { } status) return status;
            await Task.Delay(100, cancellation);
        }

        return null;
    }

    /// <summary>A sum of /status that the case cannot do without.</summary>
    /// <exception cref="InvalidOperationException">The engine does not say.</exception>
    public static async Task<long> SumAsync(EngineProcess engine, Func<JsonElement, long> of, CancellationToken cancellation) =>
        of(await StatusAsync(engine, cancellation) ?? throw new InvalidOperationException(engine.HasExited ? $"the engine ended with {engine.ExitCode}" : "the engine does not answer /status"));

    /// <summary>What each shard has committed; nothing where the engine ended or stays silent.</summary>
    public static async Task<Dictionary<int, long>> PositionsAsync(EngineProcess engine, CancellationToken cancellation) =>
        await StatusAsync(engine, cancellation) is { } status ? ShardStates.CommittedOf(status) : [];

    /// <summary>
    /// Waits until every shard runs and has committed more than it had, and then more once again: the first step alone may be a commit from before the fault that was heard of only afterwards.
    /// </summary>
    /// <returns>Null where all go on; otherwise which shards do not, and whether there is anything for them to read.</returns>
    public static async Task<string?> StuckAsync(CaseRun run, EngineProcess engine, Dictionary<int, long> before, CancellationToken cancellation)
    {
        // Where nothing is known of before, the first step only finds out from where on.
        var (floor, steps) = (before, before.Count == 0 ? 3 : 2);
        for (var step = 1; step <= steps; step++)
        {
            var (beyond, seen) = (floor, floor);
            var all = await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.AllBeyond(s, beyond) && Take(s, out seen), 1, run.Options.Patience, cancellation);
            if (!all) return await TellAsync(run, engine, beyond, cancellation);
            floor = seen;
        }

        return null;
    }

    /// <summary>Which shards have committed nothing since; null where each has.</summary>
    public static async Task<string?> StoodAsync(CaseRun run, EngineProcess engine, Dictionary<int, long> before, CancellationToken cancellation)
    {
        var now = await PositionsAsync(engine, cancellation);
        return engine.HasExited ? $"the engine ended with {engine.ExitCode}" : Stood(run.Options.Partitions, before, now);
    }

    /// <summary>The same of two looks. A look that saw nothing proves nothing, and so fails.</summary>
    public static string? Stood(int partitions, Dictionary<int, long> before, Dictionary<int, long> now)
    {
        if (before.Count == 0 || now.Count == 0) return $"the engine did not say what was committed at its {(before.Count == 0 ? "begin" : "end")}";
        var stood = Enumerable.Range(0, partitions).Where(p => !before.TryGetValue(p, out var had) || !now.TryGetValue(p, out var has) || has <= had).ToList();
        return stood.Count == 0 ? null : $"nothing was committed in shards {string.Join(", ", stood)}";
    }

    private static bool Take(JsonElement status, out Dictionary<int, long> positions)
    {
        positions = ShardStates.CommittedOf(status);
        return true;
    }

    private static async Task<string> TellAsync(CaseRun run, EngineProcess engine, Dictionary<int, long> beyond, CancellationToken cancellation)
    {
        if (engine.HasExited) return string.Create(CultureInfo.InvariantCulture, $"the engine ended with {engine.ExitCode}");
        if (await engine.StatusAsync(cancellation) is not { } status) return "the engine does not answer";
        var (lines, committed, takeOvers) = (ShardStates.PhaseOf(status), ShardStates.CommittedOf(status), ShardStates.TakeOverOf(status));
        var stuck = Enumerable.Range(0, run.Options.Partitions).Where(p => lines.GetValueOrDefault(p) != "running" || committed[p] <= beyond.GetValueOrDefault(p, -1)).ToList();
        if (stuck.Count == 0) return "every shard went on, but only after the time limit";
        Dictionary<int, long> ends;
        try
        {
            ends = await run.Feeder.EndsAsync(cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            ends = [];
            run.Log($"the ends of the events topic are not known: {e.Message}");
        }

        return ShardStand.Tell([.. stuck.Select(p => new ShardStand(p, lines.GetValueOrDefault(p, "absent"), committed.GetValueOrDefault(p, -1), beyond.GetValueOrDefault(p, -1), ends.TryGetValue(p, out var end) ? end : null) { TakeOver = takeOvers.GetValueOrDefault(p, "") })]);
    }
}
