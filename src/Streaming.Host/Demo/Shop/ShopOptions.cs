namespace Streaming.Host.Demo.Shop;

/// <summary>Size and temper of the generated shop.</summary>
internal sealed record ShopOptions
{
    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Known customers.</summary>
    public int Customers { get; init; } = 150;
    /// <summary>Visits open at a time.</summary>
    public int OpenVisits { get; init; } = 60;
    /// <summary>Events a second while it is open.</summary>
    public int EventsPerSecond { get; init; } = 120;
    /// <summary>Silence after which a customer who bought once counts as about to leave; the demo takes it from the churn model in force.</summary>
    public TimeSpan LapsedAfter { get; init; } = TimeSpan.FromDays(30);
    /// <summary>Time between two customers who cross that line while one watches.</summary>
    public TimeSpan LapsedEvery { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Share of events that are broken on purpose, to show where they go.</summary>
    public double BrokenShare { get; init; } = 0.003;
}
