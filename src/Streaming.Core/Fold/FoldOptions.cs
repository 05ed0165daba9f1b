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

    /// <summary>Dimensions D of item and interest vectors.</summary>
    public int Dimensions { get; init; } = 64;
    /// <summary>Half-life of the short interest vector.</summary>
    public TimeSpan ShortHalfLife { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Half-life of the medium interest vector.</summary>
    public TimeSpan MediumHalfLife { get; init; } = TimeSpan.FromDays(7);
    /// <summary>Half-life of the long interest vector.</summary>
    public TimeSpan LongHalfLife { get; init; } = TimeSpan.FromDays(90);
    /// <summary>Weight of an action by wire name of its type; absent = 0 (does not move the vectors). A rating's weight is multiplied by (stars − 3) / 2.</summary>
    public IReadOnlyDictionary<string, float> Weights { get; init; } = DefaultWeights;
    /// <summary>Most separate interests.</summary>
    public int MaxInterests { get; init; } = 5;
    /// <summary>Cosine at or above which an action joins an existing interest.</summary>
    public float InterestCosine { get; init; } = 0.6f;
    /// <summary>Half-life of an interest.</summary>
    public TimeSpan InterestHalfLife { get; init; } = TimeSpan.FromDays(30);
    /// <summary>Length of the ring of latest actions.</summary>
    public int RingLength { get; init; } = 50;
    /// <summary>Silence that ends a session.</summary>
    public TimeSpan SessionGap { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Item actions kept of one session; further ones count but are not kept.</summary>
    public int MaxSessionActions { get; init; } = 200;
    /// <summary>Purchases closer than this are one occasion.</summary>
    public TimeSpan OccasionGap { get; init; } = TimeSpan.FromHours(1);
    /// <summary>Bought items remembered a user.</summary>
    public int MaxBoughtItems { get; init; } = 512;
    /// <summary>Half-life of the rhythm of repeats.</summary>
    public TimeSpan RepeatHalfLife { get; init; } = TimeSpan.FromDays(60);
    /// <summary>Items whose impressions are remembered a user.</summary>
    public int MaxImpressions { get; init; } = 64;
    /// <summary>Not-interested items remembered a user.</summary>
    public int MaxExcluded { get; init; } = 64;
    /// <summary>Event ids remembered a user: a repeat within the last this many events takes effect once.</summary>
    public int DuplicateWindow { get; init; } = 128;
    /// <summary>Guests linked to one user.</summary>
    public int MaxGuests { get; init; } = 32;
    /// <summary>How far an event time may lie beyond the broker's append time before it is clamped.</summary>
    public TimeSpan FutureAllowance { get; init; } = TimeSpan.FromMinutes(5);

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
