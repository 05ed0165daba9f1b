namespace Streaming.Training.Simulate;

/// <summary>Size and habits of a generated shop.</summary>
public sealed record SyntheticShopOptions
{
    /// <summary>Items. 20 to 1,000,000.</summary>
    public int Items { get; init; } = 1_500;
    /// <summary>Customers. 1 to 10,000,000.</summary>
    public int Users { get; init; } = 3_000;
    /// <summary>Days of history. 1 to 3,650.</summary>
    public int Days { get; init; } = 120;
    /// <summary>Sessions in all. 1 to 100,000,000.</summary>
    public int Sessions { get; init; } = 12_000;
    /// <summary>First moment, ms since 1970; the default is 2025-01-01.</summary>
    public long StartMs { get; init; } = 1_735_689_600_000;
    /// <summary>Seed of everything.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Every error at once, each with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (Items is < 20 or > 1_000_000) yield return $"{nameof(Items)} must be 20 to 1,000,000, not {Items}";
        if (Users is < 1 or > 10_000_000) yield return $"{nameof(Users)} must be 1 to 10,000,000, not {Users}";
        if (Days is < 1 or > 3_650) yield return $"{nameof(Days)} must be 1 to 3,650, not {Days}";
        if (Sessions is < 1 or > 100_000_000) yield return $"{nameof(Sessions)} must be 1 to 100,000,000, not {Sessions}";
    }
}
