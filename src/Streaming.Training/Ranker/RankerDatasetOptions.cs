namespace Streaming.Training.Ranker;

/// <summary>Which moments of a history become examples.</summary>
public sealed record RankerDatasetOptions
{
    /// <summary>Share of the events, from the first on, that only fill profiles and index. 0 to 0.9.</summary>
    public double WarmUpShare { get; init; } = 0.1;
    /// <summary>Share of the events, at the end, that is held out for measuring. 0.01 to 0.9.</summary>
    public double HoldoutShare { get; init; } = 0.2;
    /// <summary>How far ahead of a moment the user's actions count as its answer. 1 s to 30 days.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Most items of one answer. 1 to 1,000.</summary>
    public int MaxTargets { get; init; } = 50;
    /// <summary>Most moments to fit on; more are sampled evenly. 10 to 10,000,000.</summary>
    public int MaxTrainGroups { get; init; } = 20_000;
    /// <summary>Most moments to measure on. 10 to 1,000,000.</summary>
    public int MaxHoldoutGroups { get; init; } = 3_000;
    /// <summary>Candidates without an action kept of a moment that is fitted on. 1 to 2,000.</summary>
    public int MaxNegatives { get; init; } = 50;
    /// <summary>Seed of the sampling.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Every error at once, each with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (WarmUpShare is not (>= 0 and <= 0.9)) yield return $"{nameof(WarmUpShare)} must be 0 to 0.9, not {WarmUpShare}";
        if (HoldoutShare is not (>= 0.01 and <= 0.9)) yield return $"{nameof(HoldoutShare)} must be 0.01 to 0.9, not {HoldoutShare}";
        if (WarmUpShare + HoldoutShare >= 1) yield return $"{nameof(WarmUpShare)} and {nameof(HoldoutShare)} leave nothing to fit on";
        if (Horizon < TimeSpan.FromSeconds(1) || Horizon > TimeSpan.FromDays(30)) yield return $"{nameof(Horizon)} must be 1 s to 30 days, not {Horizon}";
        if (MaxTargets is < 1 or > 1_000) yield return $"{nameof(MaxTargets)} must be 1 to 1,000, not {MaxTargets}";
        if (MaxTrainGroups is < 10 or > 10_000_000) yield return $"{nameof(MaxTrainGroups)} must be 10 to 10,000,000, not {MaxTrainGroups}";
        if (MaxHoldoutGroups is < 10 or > 1_000_000) yield return $"{nameof(MaxHoldoutGroups)} must be 10 to 1,000,000, not {MaxHoldoutGroups}";
        if (MaxNegatives is < 1 or > 2_000) yield return $"{nameof(MaxNegatives)} must be 1 to 2,000, not {MaxNegatives}";
    }
}
