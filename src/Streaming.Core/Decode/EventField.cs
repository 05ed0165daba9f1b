namespace Streaming.Core.Decode;

/// <summary>The fields of an event. The value is the field's bit in the masks of <see cref="EventDraft"/>.</summary>
internal enum EventField
{
    Unknown = -1,
    EventId = 0,
    Type,
    UserId,
    AnonymousId,
    SessionId,
    ItemId,
    OccurredAt,
    Quantity,
    UnitPrice,
    Currency,
    Query,
    Results,
    Text,
    Rating,
    Surface,
    Device,
    RecommendationId,
    Position,
    Consent,
    SchemaVersion,
    State,
    AlertId,
    OfferId,
}
