using Streaming.Contracts;

namespace Streaming.Core.Fold;

/// <summary>
/// Every number that Fold depends on. A change takes effect at a recorded place of the log (a control fact), so that a replay folds old events with the
/// old numbers and new ones with the new (docs/fold.md §7).
/// </summary>
public sealed record FoldOptions
{
    /// <summary>Number of interest vectors.</summary>
    public const int HalfLifeCount = 3;

    /// <summary>Dimensions D of item and interest vectors: a multiple of 8, 8 to 1,024.</summary>
    public int Dimensions { get; init; } = 64;
    /// <summary>Half-life of the short interest vector, 1 min to 10 years.</summary>
    public TimeSpan ShortHalfLife { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Half-life of the medium interest vector, 1 min to 10 years.</summary>
    public TimeSpan MediumHalfLife { get; init; } = TimeSpan.FromDays(7);
    /// <summary>Half-life of the long interest vector, 1 min to 10 years.</summary>
    public TimeSpan LongHalfLife { get; init; } = TimeSpan.FromDays(90);
    /// <summary>Weight of an action by wire name of its type; absent = 0 (does not move the vectors). A rating's weight is multiplied by (stars − 3) / 2. Each -1,000 to 1,000.</summary>
    public IReadOnlyDictionary<string, float> Weights { get; init; } = DefaultWeights;
    /// <summary>Most separate interests, 1 to 64.</summary>
    public int MaxInterests { get; init; } = 5;
    /// <summary>Cosine at or above which an action joins an existing interest, -1 to 1.</summary>
    public float InterestCosine { get; init; } = 0.6f;
    /// <summary>Half-life of an interest, 1 min to 10 years.</summary>
    public TimeSpan InterestHalfLife { get; init; } = TimeSpan.FromDays(30);
    /// <summary>Length of the ring of latest actions, 1 to 10,000.</summary>
    public int RingLength { get; init; } = 50;
    /// <summary>Silence that ends a session, 1 s to 7 days.</summary>
    public TimeSpan SessionGap { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Item actions kept of one session; further ones count but are not kept; 1 to 10,000.</summary>
    public int MaxSessionActions { get; init; } = 200;
    /// <summary>Purchases closer than this are one occasion; 0 to 30 days.</summary>
    public TimeSpan OccasionGap { get; init; } = TimeSpan.FromHours(1);
    /// <summary>Bought items remembered a user, 1 to 100,000.</summary>
    public int MaxBoughtItems { get; init; } = 512;
    /// <summary>Half-life of the rhythm of repeats, 1 min to 10 years.</summary>
    public TimeSpan RepeatHalfLife { get; init; } = TimeSpan.FromDays(60);
    /// <summary>Items whose impressions are remembered a user, 1 to 10,000.</summary>
    public int MaxImpressions { get; init; } = 64;
    /// <summary>Not-interested items remembered a user, 1 to 10,000.</summary>
    public int MaxExcluded { get; init; } = 64;
    /// <summary>Event ids remembered a user: a repeat within the last this many events takes effect once; 1 to 100,000.</summary>
    public int DuplicateWindow { get; init; } = 128;
    /// <summary>Guests linked to one user, 1 to 10,000.</summary>
    public int MaxGuests { get; init; } = 32;
    /// <summary>How far an event time may lie beyond the broker's append time before it is clamped; 0 to 1 day.</summary>
    public TimeSpan FutureAllowance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Every value outside its range.</summary>
    public IEnumerable<string> Validate()
    {
        if (Dimensions is < 8 or > 1024 || Dimensions % 8 != 0) yield return $"{nameof(Dimensions)} must be a multiple of 8 from 8 to 1,024, not {Dimensions}";
        foreach (var (name, value, low, high) in Durations())
        {
            if (value < low || value > high) yield return $"{name} must be {low} to {high}, not {value}";
        }

        foreach (var (name, value, low, high) in Bounds())
        {
            if (value < low || value > high) yield return $"{name} must be {low} to {high}, not {value}";
        }

        if (InterestCosine is not (>= -1 and <= 1)) yield return $"{nameof(InterestCosine)} must be -1 to 1, not {InterestCosine}";
        foreach (var (type, weight) in Weights)
        {
            if (EventTypes.Parse(type) == EventType.Unknown) yield return $"{nameof(Weights)}:{type} is no type of event";
            if (weight is not (>= -1000 and <= 1000)) yield return $"{nameof(Weights)}:{type} must be -1,000 to 1,000, not {weight}";
        }
    }

    private IEnumerable<(string Name, TimeSpan Value, TimeSpan Low, TimeSpan High)> Durations()
    {
        var (minute, decade) = (TimeSpan.FromMinutes(1), TimeSpan.FromDays(3653));
        yield return (nameof(ShortHalfLife), ShortHalfLife, minute, decade);
        yield return (nameof(MediumHalfLife), MediumHalfLife, minute, decade);
        yield return (nameof(LongHalfLife), LongHalfLife, minute, decade);
        yield return (nameof(InterestHalfLife), InterestHalfLife, minute, decade);
        yield return (nameof(RepeatHalfLife), RepeatHalfLife, minute, decade);
        yield return (nameof(SessionGap), SessionGap, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        yield return (nameof(OccasionGap), OccasionGap, TimeSpan.Zero, TimeSpan.FromDays(30));
        yield return (nameof(FutureAllowance), FutureAllowance, TimeSpan.Zero, TimeSpan.FromDays(1));
    }

    private IEnumerable<(string Name, int Value, int Low, int High)> Bounds()
    {
        yield return (nameof(MaxInterests), MaxInterests, 1, 64);
        yield return (nameof(RingLength), RingLength, 1, 10_000);
        yield return (nameof(MaxSessionActions), MaxSessionActions, 1, 10_000);
        yield return (nameof(MaxBoughtItems), MaxBoughtItems, 1, 100_000);
        yield return (nameof(MaxImpressions), MaxImpressions, 1, 10_000);
        yield return (nameof(MaxExcluded), MaxExcluded, 1, 10_000);
        yield return (nameof(DuplicateWindow), DuplicateWindow, 1, 100_000);
        yield return (nameof(MaxGuests), MaxGuests, 1, 10_000);
    }

    /// <summary>Weights of docs/fold.md §4.</summary>
    public static readonly IReadOnlyDictionary<string, float> DefaultWeights = new Dictionary<string, float>
    {
        [EventType.View.WireName()] = 1f,
        [EventType.Click.WireName()] = 1f,
        [EventType.AddToCart.WireName()] = 4f,
        [EventType.RemoveFromCart.WireName()] = -2f,
        [EventType.Wishlist.WireName()] = 3f,
        [EventType.Purchase.WireName()] = 8f,
        [EventType.Refund.WireName()] = -6f,
        [EventType.Rating.WireName()] = 4f,
        [EventType.Review.WireName()] = 4f,
        [EventType.NotInterested.WireName()] = -10f,
    };
}
