namespace Streaming.Core.Rerank;

/// <summary>What may be shown, and how a list is spread.</summary>
public sealed record RerankOptions
{
    /// <summary>True: items that the user bought may be recommended again.</summary>
    public bool AllowRebuy { get; init; } = true;
    /// <summary>Time after a purchase before its item may be recommended again, where re-buying is allowed. 0 to 10 years.</summary>
    public TimeSpan RebuyAfter { get; init; } = TimeSpan.FromDays(1);
    /// <summary>True: items of the user's latest actions are not recommended.</summary>
    public bool HideSeen { get; init; }
    /// <summary>True: once a catalogue is known, items outside it are not recommended.</summary>
    public bool RequireCatalogue { get; init; } = true;
    /// <summary>Most items of one category in a list; 0: no cap. 0 to 1,000.</summary>
    public int MaxPerCategory { get; init; } = 10;
    /// <summary>Most variants of one product (same group) in a list; 0: no cap. 0 to 1,000.</summary>
    public int MaxPerGroup { get; init; } = 1;
    /// <summary>Factor on the score for each impression without an action since. Above 0, to 1.</summary>
    public float FatiguePerImpression { get; init; } = 0.85f;
    /// <summary>Half-life of an impression's effect. 1 hour to 1 year.</summary>
    public TimeSpan FatigueRecovery { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (RebuyAfter < TimeSpan.Zero || RebuyAfter > TimeSpan.FromDays(3653)) yield return $"{nameof(RebuyAfter)} must be 0 to 10 years, not {RebuyAfter}";
        if (MaxPerCategory is < 0 or > 1_000) yield return $"{nameof(MaxPerCategory)} must be 0 to 1,000, not {MaxPerCategory}";
        if (MaxPerGroup is < 0 or > 1_000) yield return $"{nameof(MaxPerGroup)} must be 0 to 1,000, not {MaxPerGroup}";
        if (FatiguePerImpression is not (> 0 and <= 1)) yield return $"{nameof(FatiguePerImpression)} must be above 0, to 1, not {FatiguePerImpression}";
        if (FatigueRecovery < TimeSpan.FromHours(1) || FatigueRecovery > TimeSpan.FromDays(366)) yield return $"{nameof(FatigueRecovery)} must be 1 hour to 1 year, not {FatigueRecovery}";
    }
}
