namespace Streaming.Core.Items;

/// <summary>What the item index of a node keeps, and its bounds. A change of a half-life or of a bound makes a saved index unusable: it is rebuilt from the topics.</summary>
public sealed record ItemIndexOptions
{
    /// <summary>Most items with statistics; beyond it the longest unused that are in no catalogue go. 1,000 to 20,000,000.</summary>
    public int MaxItems { get; init; } = 1_000_000;
    /// <summary>Most sessions kept for session neighbours; beyond it the ones that came first go. 1 to 20,000,000.</summary>
    public int MaxSessions { get; init; } = 500_000;
    /// <summary>Sessions with this many actions or more are dropped whole: crawlers. Fold keeps no more than this of one, so a longer one arrives with just as many. 2 to 1,000.</summary>
    public int MaxSessionActions { get; init; } = 200;
    /// <summary>m: latest sessions kept of one item (VMIS-kNN). 1 to 10,000.</summary>
    public int SessionsPerItem { get; init; } = 500;
    /// <summary>Partners kept of one item and action pair. 1 to 1,000.</summary>
    public int PartnersPerItem { get; init; } = 200;
    /// <summary>Earlier items of the session that a view is paired with. 1 to 100.</summary>
    public int CovisitWindow { get; init; } = 5;
    /// <summary>Weight of the pair later → earlier beside 1 for earlier → later among views. 0 to 1.</summary>
    public float BackwardWeight { get; init; } = 0.7f;
    /// <summary>Half-life of co-visitation, by event time. 1 hour to 10 years.</summary>
    public TimeSpan CovisitHalfLife { get; init; } = TimeSpan.FromDays(45);
    /// <summary>Half-life of popularity. 1 hour to 10 years; longer than <see cref="PopularShortHalfLife"/>.</summary>
    public TimeSpan PopularHalfLife { get; init; } = TimeSpan.FromDays(14);
    /// <summary>Half-life of the short popularity that trends are read from. 1 minute to 1 year.</summary>
    public TimeSpan PopularShortHalfLife { get; init; } = TimeSpan.FromDays(1);
    /// <summary>What a user's first view of an item on a day adds to popularity. 0 to 1,000.</summary>
    public float ViewWeight { get; init; } = 1f;
    /// <summary>What a user's first add to the cart of an item on a day adds. 0 to 1,000.</summary>
    public float CartWeight { get; init; } = 3f;
    /// <summary>What a user's first purchase of an item on a day adds. 0 to 1,000.</summary>
    public float BuyWeight { get; init; } = 8f;
    /// <summary>z above which an item begins to trend. Greater than <see cref="TrendOff"/>.</summary>
    public float TrendOn { get; init; } = 4f;
    /// <summary>z below which it ends. At least 0.</summary>
    public float TrendOff { get; init; } = 2f;
    /// <summary>Users of the last days (decayed by the short half-life) that a trend needs. At least 1.</summary>
    public float TrendMinUsers { get; init; } = 10f;
    /// <summary>Directed pairs that one user may add on one day. 1 to 1,000,000.</summary>
    public int PairsPerUserDay { get; init; } = 50_000;
    /// <summary>Remembered (user, pair, day) of the daily caps, each of two generations. 1,024 to 100,000,000.</summary>
    public int CapEntries { get; init; } = 1 << 20;
    /// <summary>Length of the popular list of the whole shop. 100 to 10,000.</summary>
    public int PopularLength { get; init; } = 1000;
    /// <summary>Length of the popular list of one category. 10 to 1,000.</summary>
    public int PopularPerCategory { get; init; } = 100;
    /// <summary>Length of the trending list. 1 to 1,000.</summary>
    public int TrendingLength { get; init; } = 100;

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxItems is < 1_000 or > 20_000_000) yield return $"{nameof(MaxItems)} must be 1,000 to 20,000,000, not {MaxItems}";
        if (MaxSessions is < 1 or > 20_000_000) yield return $"{nameof(MaxSessions)} must be 1 to 20,000,000, not {MaxSessions}";
        if (MaxSessionActions is < 2 or > 1_000) yield return $"{nameof(MaxSessionActions)} must be 2 to 1,000, not {MaxSessionActions}";
        if (SessionsPerItem is < 1 or > 10_000) yield return $"{nameof(SessionsPerItem)} must be 1 to 10,000, not {SessionsPerItem}";
        if (PartnersPerItem is < 1 or > 1_000) yield return $"{nameof(PartnersPerItem)} must be 1 to 1,000, not {PartnersPerItem}";
        if (CovisitWindow is < 1 or > 100) yield return $"{nameof(CovisitWindow)} must be 1 to 100, not {CovisitWindow}";
        if (BackwardWeight is not (>= 0 and <= 1)) yield return $"{nameof(BackwardWeight)} must be 0 to 1, not {BackwardWeight}";
        if (!IsHalfLife(CovisitHalfLife, TimeSpan.FromHours(1))) yield return $"{nameof(CovisitHalfLife)} must be 1 hour to 10 years, not {CovisitHalfLife}";
        if (!IsHalfLife(PopularHalfLife, TimeSpan.FromHours(1))) yield return $"{nameof(PopularHalfLife)} must be 1 hour to 10 years, not {PopularHalfLife}";
        if (!IsHalfLife(PopularShortHalfLife, TimeSpan.FromMinutes(1)) || PopularShortHalfLife > TimeSpan.FromDays(366) || PopularShortHalfLife >= PopularHalfLife)
            yield return $"{nameof(PopularShortHalfLife)} must be 1 minute to 1 year and shorter than {nameof(PopularHalfLife)}, not {PopularShortHalfLife}";
        if (ViewWeight is not (>= 0 and <= 1_000)) yield return $"{nameof(ViewWeight)} must be 0 to 1,000, not {ViewWeight}";
        if (CartWeight is not (>= 0 and <= 1_000)) yield return $"{nameof(CartWeight)} must be 0 to 1,000, not {CartWeight}";
        if (BuyWeight is not (>= 0 and <= 1_000)) yield return $"{nameof(BuyWeight)} must be 0 to 1,000, not {BuyWeight}";
        if (TrendOff is not (>= 0 and <= 1_000)) yield return $"{nameof(TrendOff)} must be 0 to 1,000, not {TrendOff}";
        if (!(TrendOn > TrendOff)) yield return $"{nameof(TrendOn)} must be greater than {nameof(TrendOff)}, not {TrendOn}";
        if (TrendMinUsers is not (>= 1 and <= 1_000_000)) yield return $"{nameof(TrendMinUsers)} must be 1 to 1,000,000, not {TrendMinUsers}";
        if (PairsPerUserDay is < 1 or > 1_000_000) yield return $"{nameof(PairsPerUserDay)} must be 1 to 1,000,000, not {PairsPerUserDay}";
        if (CapEntries is < 1_024 or > 100_000_000) yield return $"{nameof(CapEntries)} must be 1,024 to 100,000,000, not {CapEntries}";
        if (PopularLength is < 100 or > 10_000) yield return $"{nameof(PopularLength)} must be 100 to 10,000, not {PopularLength}";
        if (PopularPerCategory is < 10 or > 1_000) yield return $"{nameof(PopularPerCategory)} must be 10 to 1,000, not {PopularPerCategory}";
        if (TrendingLength is < 1 or > 1_000) yield return $"{nameof(TrendingLength)} must be 1 to 1,000, not {TrendingLength}";
    }

    private static bool IsHalfLife(TimeSpan span, TimeSpan least) => span >= least && span <= TimeSpan.FromDays(3653);
}
