namespace Streaming.Host.Demo.Storefront;

/// <summary>What became of one event of the page.</summary>
/// <param name="EventId">Its id.</param>
/// <param name="Type">Wire name of its type.</param>
/// <param name="ItemId">Item, or null.</param>
/// <param name="ReceivedMs">When the page's request came, ms since 1970.</param>
/// <param name="OccurredAt">Time that the event carries, ms since 1970.</param>
internal sealed record TracedEvent(string EventId, string Type, string? ItemId, long ReceivedMs, long OccurredAt)
{
    /// <summary>When the broker had it, ms since 1970; null: not yet.</summary>
    public long? AcknowledgedMs { get; init; }
    /// <summary>When the first list that answers it was read from the topic, ms since 1970; null: not yet.</summary>
    public long? ListedMs { get; init; }
    /// <summary>That list.</summary>
    public string? RecommendationId { get; init; }
}
