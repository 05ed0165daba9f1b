using System.Globalization;
using System.Text.Json;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Engine;

/// <summary>Whether every shard goes on. A sum hides one that stands, and a phase says what a shard means to do, not that it does it.</summary>
internal static class ShardProgress
{
    /// <summary>What each shard has committed; nothing while the engine does not answer.</summary>
    public static async Task<Dictionary<int, long>> PositionsAsync(EngineProcess engine, CancellationToken cancellation) =>
        await engine.StatusAsync(cancellation) is { } status ? ShardStates.CommittedOf(status) : [];

    /// <summary>
    /// Waits until every shard runs and has committed more than it had, and then more once again: the first step alone may be a commit from before the fault that was heard of only afterwards.
    /// </summary>
    /// <returns>Null where all go on; otherwise which shards do not, and whether there is anything for them to read.</returns>
    public static async Task<string?> StuckAsync(CaseRun run, EngineProcess engine, Dictionary<int, long> before, CancellationToken cancellation)
    {
        var floor = before;
        for (var step = 1; step <= 2; step++)
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
        var stood = Enumerable.Range(0, run.Options.Partitions).Where(p => now.GetValueOrDefault(p, -1) <= before.GetValueOrDefault(p, -1)).ToList();
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
        var (lines, committed) = (ShardStates.PhaseOf(status), ShardStates.CommittedOf(status));
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

        return ShardStand.Tell([.. stuck.Select(p => new ShardStand(p, lines.GetValueOrDefault(p, "absent"), committed.GetValueOrDefault(p, -1), beyond.GetValueOrDefault(p, -1), ends.TryGetValue(p, out var end) ? end : null))]);
    }
}
