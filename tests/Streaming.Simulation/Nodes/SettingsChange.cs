using Streaming.Core.Fold;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Nodes;

/// <summary>Other fold settings, which every node has from its next start on.</summary>
/// <param name="AtUs">When, µs.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Rollout">How the nodes come to that start.</param>
internal sealed record SettingsChange(long AtUs, NodeSettings Settings, Rollout Rollout)
{
    private const double Likely = 0.4;

    /// <summary>Some changes, in order of time.</summary>
    public static IReadOnlyList<SettingsChange> Draw(Rng rng, NodeSettings first, long stormUs)
    {
        var times = Enumerable.Range(0, 1 + rng.Below(4)).Select(_ => rng.Between(0, stormUs)).Order().ToArray();
        var changes = new List<SettingsChange>();
        foreach (var atUs in times)
        {
            var before = changes.Count == 0 ? first : changes[^1].Settings;
            changes.Add(new SettingsChange(atUs, changes.Count > 0 && rng.Chance(0.25) ? first : Other(rng, before), rng.Pick<Rollout>(Enum.GetValues<Rollout>())));
        }

        return changes;
    }

    // Any grows or shrinks but Dimensions: item vectors and rows have them too, and a shard refuses to start with others.
    private static NodeSettings Other(Rng rng, NodeSettings before)
    {
        var fold = before.Fold;
        var weights = new SortedDictionary<string, float>(fold.Weights.ToDictionary(), StringComparer.Ordinal);
        foreach (var type in weights.Keys.ToArray())
        {
            if (rng.Chance(0.1)) weights[type] = (1 + rng.Below(40)) / 4f * Math.Sign(weights[type]);
        }

        fold = fold with
        {
            Weights = weights, RingLength = Length(fold.RingLength, 11), DuplicateWindow = Length(fold.DuplicateWindow, 13), MaxBoughtItems = Length(fold.MaxBoughtItems, 5), MaxImpressions = Length(fold.MaxImpressions, 4),
            MaxExcluded = Length(fold.MaxExcluded, 3), MaxInterests = Length(fold.MaxInterests, 3), MaxSessionActions = Length(fold.MaxSessionActions, 6), MaxGuests = Length(fold.MaxGuests, 3), SessionGap = Span(fold.SessionGap, 1, 300),
            ShortHalfLife = Span(fold.ShortHalfLife, 1, 120), MediumHalfLife = Span(fold.MediumHalfLife, 60, 20_000), LongHalfLife = Span(fold.LongHalfLife, 1_000, 200_000), InterestHalfLife = Span(fold.InterestHalfLife, 60, 60_000),
            RepeatHalfLife = Span(fold.RepeatHalfLife, 60, 100_000), OccasionGap = Span(fold.OccasionGap, 0, 600), FutureAllowance = Span(fold.FutureAllowance, 0, 1_440),
        };
        var consent = rng.Chance(0.2) ? rng.Pick(ConsentFlags.All, ConsentFlags.Personalise, ConsentFlags.Measure | ConsentFlags.Market, ConsentFlags.None) : before.ConsentDefault;
        return new NodeSettings(fold, consent);

        int Length(int now, int most) => rng.Chance(Likely) ? 1 + rng.Below(most) : now;

        TimeSpan Span(TimeSpan now, int leastMinutes, int mostMinutes) => rng.Chance(Likely) ? TimeSpan.FromMinutes(rng.Between(leastMinutes, mostMinutes)) : now;
    }
}
