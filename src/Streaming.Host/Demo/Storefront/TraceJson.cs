using System.Text.Json;
using Streaming.Host.Demo.View;

namespace Streaming.Host.Demo.Storefront;

/// <summary>What became of events, and lists, as the page reads them.</summary>
internal static class TraceJson
{
    /// <summary>An event: when its request came, and how many ms after that the broker had it and a list that answers it was read.</summary>
    public static void Write(Utf8JsonWriter json, TracedEvent traced)
    {
        json.WriteStartObject();
        json.WriteString("eventId", traced.EventId);
        json.WriteString("type", traced.Type);
        if (traced.ItemId is not null) json.WriteString("itemId", traced.ItemId);
        json.WriteNumber("receivedAt", traced.ReceivedMs);
        json.WriteNumber("occurredAt", traced.OccurredAt);
        if (traced.AcknowledgedMs is { } acknowledged) json.WriteNumber("acknowledgedAfterMs", Math.Max(0, acknowledged - traced.ReceivedMs));
        if (traced.ListedMs is { } listed) json.WriteNumber("listAfterMs", Math.Max(0, listed - traced.ReceivedMs));
        if (traced.RecommendationId is not null) json.WriteString("recommendationId", traced.RecommendationId);
        json.WriteEndObject();
    }

    /// <summary>A list, where it comes from, and the visitor's latest events.</summary>
    /// <param name="json">Written to.</param>
    /// <param name="from"><c>topic</c> or <c>query</c>.</param>
    /// <param name="list">The list.</param>
    /// <param name="events">The events.</param>
    /// <param name="titleOf">Title of an item.</param>
    public static void Write(Utf8JsonWriter json, string from, ShopList list, IReadOnlyList<TracedEvent> events, Func<string, string> titleOf)
    {
        json.WriteStartObject();
        json.WriteString("from", from);
        json.WriteString("recommendationId", list.RecommendationId);
        json.WriteNumber("occurredAt", list.OccurredAt);
        if (list.Degraded is not null) json.WriteString("degraded", list.Degraded);
        if (list.ModelVersion is not null) json.WriteString("modelVersion", list.ModelVersion);
        json.WriteStartArray("items");
        foreach (var item in list.Items)
        {
            json.WriteStartObject();
            json.WriteString("itemId", item.ItemId);
            json.WriteNumber("rank", item.Rank);
            json.WriteString("reason", item.Reason);
            if (item.Because is not null) json.WriteString("because", item.Because);
            json.WriteString("words", Words.Reason(item, titleOf));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("events");
        foreach (var traced in events) Write(json, traced);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
