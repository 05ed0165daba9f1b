using System.Runtime.CompilerServices;
using Streaming.Contracts;
using Streaming.Core.Events;

namespace Streaming.Core.Fold;

/// <summary>Events by type.</summary>
[InlineArray(EventTypes.Count)]
internal struct EventCounts
{
    private uint _first;
}

/// <summary>One action in the ring.</summary>
public struct RingEntry
{
    /// <summary>Item number.</summary>
    public int Item;
    /// <summary>What was done.</summary>
    public EventType Type;
    /// <summary>Stars × 10 for ratings, else 0.</summary>
    public byte RatingE1;
    /// <summary>Event time, ms.</summary>
    public long AtMs;
}

/// <summary>One of the user's separate interests: a decayed sum of item vectors near one another.</summary>
public sealed class Interest(int dimensions)
{
    /// <summary>Sum of weighted item vectors as of <see cref="LastMs"/>, D floats.</summary>
    public readonly float[] Centroid = new float[dimensions];
    /// <summary>Sum of weights as of <see cref="LastMs"/>.</summary>
    public double Weight;
    /// <summary>Time of the last action that joined it, ms.</summary>
    public long LastMs;
}

/// <summary>The open session.</summary>
public struct SessionState
{
    /// <summary>Hash of the session id given by the shop; 0: none.</summary>
    public ulong IdHash;
    /// <summary>Offset of the event that opened it: names the session in outputs.</summary>
    public long OpenedAt;
    /// <summary>Time of the first event, ms.</summary>
    public long StartMs;
    /// <summary>Highest time of an event in it, ms.</summary>
    public long LastMs;
    /// <summary>Events in it.</summary>
    public int EventCount;
    /// <summary>Item actions, in order; the first <see cref="ActionCount"/> in use, at most <see cref="FoldOptions.MaxSessionActions"/>.</summary>
    public RingEntry[]? Actions;
    /// <summary>Actions in use.</summary>
    public int ActionCount;
}

/// <summary>Purchase statistics. An occasion is a purchase later than the last one by more than <see cref="FoldOptions.OccasionGap"/>: the lines of one order are one occasion.</summary>
public struct PurchaseState
{
    /// <summary>Purchase events applied.</summary>
    public long Lines;
    /// <summary>Units bought.</summary>
    public long Units;
    /// <summary>Occasions.</summary>
    public int Occasions;
    /// <summary>Money in 1/10,000 of the currency unit, purchases in <see cref="Currency"/> only.</summary>
    public long AmountE4;
    /// <summary>Refunded money, likewise.</summary>
    public long RefundedE4;
    /// <summary>Purchases in another currency than the first: counted, not summed.</summary>
    public int OtherCurrency;
    /// <summary>Currency of the first priced purchase; 0: none.</summary>
    public int Currency;
    /// <summary>First purchase, ms; 0: never.</summary>
    public long FirstMs;
    /// <summary>Last purchase, ms; 0: never.</summary>
    public long LastMs;
    /// <summary>Gaps between occasions: number.</summary>
    public int GapCount;
    /// <summary>Mean gap, ms (Welford).</summary>
    public double GapMeanMs;
    /// <summary>Sum of squared deviations from the mean, ms² (Welford).</summary>
    public double GapM2;
}

/// <summary>An item the user bought.</summary>
public struct BoughtItem
{
    /// <summary>Item number.</summary>
    public int Item;
    /// <summary>Purchase events of it.</summary>
    public int Count;
    /// <summary>Last purchase, ms.</summary>
    public long LastMs;
    /// <summary>Decayed number of purchases as of <see cref="LastMs"/> (half-life <see cref="FoldOptions.RepeatHalfLife"/>).</summary>
    public float Weight;
}

/// <summary>Impressions of one item since the user last acted on it.</summary>
public struct ImpressionSlot
{
    /// <summary>Item number.</summary>
    public int Item;
    /// <summary>Impressions.</summary>
    public int Count;
    /// <summary>Latest, ms.</summary>
    public long LastMs;
}

/// <summary>A guest linked to a known user.</summary>
/// <param name="Key">The guest's profile key.</param>
/// <param name="Generation">The guest's link generation.</param>
public readonly record struct LinkedGuest(UserKey Key, int Generation);
