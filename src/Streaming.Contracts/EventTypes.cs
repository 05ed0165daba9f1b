namespace Streaming.Contracts;

/// <summary>The wire names of <see cref="EventType"/>.</summary>
public static class EventTypes
{
    /// <summary>Number of values including <see cref="EventType.Unknown"/>; the length of a counter array.</summary>
    public const int Count = 17;

    private static readonly string[] WireNames =
    [
        "unknown", "view", "click", "search", "impression", "add_to_cart", "remove_from_cart", "wishlist", "purchase", "refund",
        "rating", "review", "identify", "not_interested", "consent", "message", "erase",
    ];

    /// <summary>The name on the wire, e.g. <c>add_to_cart</c>.</summary>
    public static string WireName(this EventType type) => WireNames[(int)type];

    /// <summary>The type of a wire name, or <see cref="EventType.Unknown"/>.</summary>
    public static EventType Parse(ReadOnlySpan<char> wireName)
    {
        for (var i = 1; i < WireNames.Length; i++)
        {
            if (wireName.SequenceEqual(WireNames[i])) return (EventType)i;
        }

        return EventType.Unknown;
    }
}
