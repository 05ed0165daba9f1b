namespace Streaming.Contracts;

/// <summary>What a visitor (or a system on their behalf) did. Values are persisted in rows and batch records: extend only, never renumber.</summary>
public enum EventType : byte
{
    /// <summary>Not a type of ours; a record that carries it becomes a dead letter.</summary>
    Unknown = 0,
    /// <summary>An item page was shown to the visitor.</summary>
    View = 1,
    /// <summary>The visitor followed a link to an item.</summary>
    Click = 2,
    /// <summary>A search with a query and, usually, its result list.</summary>
    Search = 3,
    /// <summary>An item was seen in a list; counts towards fatigue, never towards interest.</summary>
    Impression = 4,
    /// <summary>Put into the cart.</summary>
    AddToCart = 5,
    /// <summary>Taken out of the cart.</summary>
    RemoveFromCart = 6,
    /// <summary>Saved for later.</summary>
    Wishlist = 7,
    /// <summary>Bought.</summary>
    Purchase = 8,
    /// <summary>Returned or cancelled.</summary>
    Refund = 9,
    /// <summary>Stars, 1 to 5.</summary>
    Rating = 10,
    /// <summary>A written review, with or without stars.</summary>
    Review = 11,
    /// <summary>A guest became known: carries both ids, keyed by the anonymous one.</summary>
    Identify = 12,
    /// <summary>The visitor asked not to see the item.</summary>
    NotInterested = 13,
    /// <summary>Consent per purpose was given or withdrawn.</summary>
    Consent = 14,
    /// <summary>A message to the user changed state (sent, delivered, opened, clicked, bounced, unsubscribed).</summary>
    Message = 15,
    /// <summary>The right to be forgotten: everything known of the key is erased.</summary>
    Erase = 16,
}
