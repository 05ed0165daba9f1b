using System.Globalization;
using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Host.Demo.Shop;

/// <summary>Writes events as a storefront would. Safe from any thread.</summary>
/// <param name="prefix">Beginning of every event id: two writers must not give the same id to events of one user, or the second is taken for a repeat.</param>
internal sealed class EventWriter(string prefix = "demo-")
{
    /// <summary>Currency of every price.</summary>
    public const string Currency = "EUR";

    private long _next;

    /// <summary>An event of a visitor.</summary>
    /// <param name="visitor">Who.</param>
    /// <param name="type">What.</param>
    /// <param name="atMs">When, ms since 1970.</param>
    /// <param name="product">Item, where there is one.</param>
    /// <param name="more">Further fields.</param>
    public ShopRecord Write(Visitor visitor, EventType type, long atMs, Product? product = null, Action<Utf8JsonWriter>? more = null)
    {
        var eventId = prefix + Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("eventId", eventId);
            json.WriteString("type", type.WireName());
            if (visitor.UserId is not null && type != EventType.Identify) json.WriteString("userId", visitor.UserId);
            else json.WriteString("anonymousId", visitor.AnonymousId);
            if (visitor.SessionId is not null) json.WriteString("sessionId", visitor.SessionId);
            if (product is not null) json.WriteString("itemId", product.Id);
            json.WriteNumber("occurredAt", atMs);
            more?.Invoke(json);
            json.WriteEndObject();
        }

        var key = type == EventType.Identify ? visitor.AnonymousId! : visitor.Key;
        return new ShopRecord(key, buffer.ToArray(), type.WireName(), product?.Id, eventId);
    }

    /// <summary>A purchase line.</summary>
    public ShopRecord Purchase(Visitor visitor, Product product, int quantity, long atMs) => Write(visitor, EventType.Purchase, atMs, product, json =>
    {
        json.WriteNumber("quantity", quantity);
        json.WriteNumber("unitPrice", product.Price);
        json.WriteString("currency", Currency);
    });

    /// <summary>A catalogue record.</summary>
    public static ShopRecord Item(Product product) => new(product.Id, JsonSerializer.SerializeToUtf8Bytes(new CatalogItem
    {
        ItemId = product.Id,
        Title = product.Title,
        Category = product.Category,
        Brand = product.Brand,
        Price = product.Price,
        Currency = Currency,
        InStock = true,
        GroupId = product.GroupId,
        Attributes = new Dictionary<string, string> { ["style"] = product.Style },
    }, ContractsJson.Default.CatalogItem), "item", product.Id);
}
