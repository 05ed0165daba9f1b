using System.Globalization;
using System.Text.Json;
using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>Seeds of the simulation, block after block; a block that was run on the same sources is not run again, so that a run which was cut short goes on where it was.</summary>
internal sealed class SimSeedsCase : ProgramCase
{
    private const int MaxTold = 10;
    private static readonly string[] Faults = ["crashes", "pauses", "revocations", "brokerOutages", "storeOutages", "slowPhases", "rollBacks", "jumps", "forgotten", "forgottenInControl", "forgottenElsewhere", "expired"];
    private static readonly string[] MustHappen = [.. Faults, "liveRollBacks", "heldEnds", "lateEndsRefused", "staleRows", "staleShardRows", "corruptRows", "lostRequests", "lostReplies", "lateRequests", "nanScores", "createTimeEvents", "createTimeTicks", "marketRefusals"];

    /// <summary>Seeds, from 1 on.</summary>
    public int Seeds { get; init; }

    /// <summary>Seeds of one block.</summary>
    public int Block { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(ProgramRun run, CancellationToken cancellation)
    {
        var simulation = await run.BuildAsync("Streaming.Simulation", [], "", cancellation);
        var (seeds, block, sums, seconds) = (run.Amount(Seeds), run.Amount(Block), new SortedDictionary<string, long>(StringComparer.Ordinal), 0.0);
        for (var from = 1; from <= seeds; from += block)
        {
            using var json = JsonDocument.Parse(await BlockAsync(run, simulation, from, Math.Min(block, seeds - from + 1), cancellation));
            var told = json.RootElement;
            seconds += told.GetProperty("seconds").GetDouble();
            foreach (var stat in told.GetProperty("stats").EnumerateObject()) sums[stat.Name] = sums.GetValueOrDefault(stat.Name) + stat.Value.GetInt64();
            foreach (var failure in told.GetProperty("failures").EnumerateArray()) run.Failures.Add($"seed {failure.GetProperty("seed").GetInt64()}: {failure.GetProperty("failure").GetString()}");
            run.Log(FormattableString.Invariant($"{from + block - 1} of {seeds} seeds, {run.Failures.Count} failed"));
        }

        var failed = run.Failures.Count;
        if (!run.IsTrial) run.Failures.AddRange(MustHappen.Where(name => sums.GetValueOrDefault(name) == 0).Select(name => $"not one of {name}: a storm in which nothing happened proves nothing"));
        run.Figures["seeds"] = seeds;
        run.Figures["failed"] = failed;
        foreach (var (name, sum) in sums) run.Figures[name] = sum;
        if (run.Failures.Count > MaxTold) run.Failures.RemoveRange(MaxTold, run.Failures.Count - MaxTold);
        return run.Result(1, seconds, (int)Faults.Sum(name => sums.GetValueOrDefault(name)), sums["events"]);
    }

    // The last line of the program, as it was when the block was run.
    private static async Task<string> BlockAsync(ProgramRun run, string simulation, int from, int count, CancellationToken cancellation)
    {
        var kept = Path.Combine(run.Folder, string.Create(CultureInfo.InvariantCulture, $"{from:D6}-{count}.json"));
        if (File.Exists(kept)) return await File.ReadAllTextAsync(kept, cancellation);
        var (code, lines) = await ProgramRun.RunAsync([simulation, "--seeds", $"{count}", "--from", $"{from}", "--json"], [], cancellation);
        var last = lines.LastOrDefault(line => line.StartsWith('{')) ?? throw new InvalidOperationException($"seeds from {from} on gave no result, code {code}: {string.Join('\n', lines.TakeLast(5))}");
        await File.WriteAllTextAsync(kept + ".part", last, cancellation);
        File.Move(kept + ".part", kept);
        return last;
    }
}
