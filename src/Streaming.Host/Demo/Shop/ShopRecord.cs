namespace Streaming.Host.Demo.Shop;

/// <summary>One record for a topic of the engine.</summary>
/// <param name="Key">Record key: the id of the user or guest, or of the item.</param>
/// <param name="Value">JSON, UTF-8 (a few on purpose are not).</param>
/// <param name="What">Type of the event, for counts and the view.</param>
/// <param name="ItemId">Item concerned, or null.</param>
/// <param name="EventId">Id of the event; null for items and what is broken.</param>
internal sealed record ShopRecord(string Key, byte[] Value, string What, string? ItemId = null, string? EventId = null);
