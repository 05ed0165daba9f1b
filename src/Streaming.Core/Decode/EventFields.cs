using System.Text;

namespace Streaming.Core.Decode;

/// <summary>The wire names of <see cref="EventField"/>.</summary>
internal static class EventFields
{
    /// <summary>Wire names by value of <see cref="EventField"/>.</summary>
    public static readonly string[] Names =
    [
        "eventId", "type", "userId", "anonymousId", "sessionId", "itemId", "occurredAt", "quantity", "unitPrice", "currency", "query", "results",
        "text", "rating", "surface", "device", "recommendationId", "position", "consent", "schemaVersion", "state", "alertId", "offerId",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The field of a name, letter by letter; <see cref="EventField.Unknown"/> where there is none. Names of one length are told apart by comparison.</summary>
    public static EventField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("type"u8) ? EventField.Type : name.SequenceEqual("text"u8) ? EventField.Text : EventField.Unknown,
        5 => name.SequenceEqual("query"u8) ? EventField.Query : name.SequenceEqual("state"u8) ? EventField.State : EventField.Unknown,
        6 => name.SequenceEqual("userId"u8) ? EventField.UserId
            : name.SequenceEqual("itemId"u8) ? EventField.ItemId
            : name.SequenceEqual("rating"u8) ? EventField.Rating
            : name.SequenceEqual("device"u8) ? EventField.Device : EventField.Unknown,
        7 => OfSeven(name),
        8 => name.SequenceEqual("quantity"u8) ? EventField.Quantity
            : name.SequenceEqual("currency"u8) ? EventField.Currency
            : name.SequenceEqual("position"u8) ? EventField.Position : EventField.Unknown,
        9 => name.SequenceEqual("sessionId"u8) ? EventField.SessionId : name.SequenceEqual("unitPrice"u8) ? EventField.UnitPrice : EventField.Unknown,
        10 => name.SequenceEqual("occurredAt"u8) ? EventField.OccurredAt : EventField.Unknown,
        11 => name.SequenceEqual("anonymousId"u8) ? EventField.AnonymousId : EventField.Unknown,
        13 => name.SequenceEqual("schemaVersion"u8) ? EventField.SchemaVersion : EventField.Unknown,
        16 => name.SequenceEqual("recommendationId"u8) ? EventField.RecommendationId : EventField.Unknown,
        _ => EventField.Unknown,
    };

    /// <summary>True for a name that is a field's but for the case of its letters.</summary>
    public static bool IsWrongCase(ReadOnlySpan<byte> name)
    {
        foreach (var known in Utf8Names)
        {
            if (Ascii.EqualsIgnoreCase(known, name)) return true;
        }

        return false;
    }

    private static EventField OfSeven(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("eventId"u8) ? EventField.EventId
        : name.SequenceEqual("surface"u8) ? EventField.Surface
        : name.SequenceEqual("consent"u8) ? EventField.Consent
        : name.SequenceEqual("results"u8) ? EventField.Results
        : name.SequenceEqual("alertId"u8) ? EventField.AlertId
        : name.SequenceEqual("offerId"u8) ? EventField.OfferId : EventField.Unknown;
}
