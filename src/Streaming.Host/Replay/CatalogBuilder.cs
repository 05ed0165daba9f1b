using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary>
/// Gathers the catalogue from history: category and last positive price as the rows say; as title the last one of a sale (a purchase with a price above 0), because adjustment rows
/// carry remarks in its place, else the last of any row.
/// </summary>
/// <param name="maxItems">Most items kept.</param>
internal sealed class CatalogBuilder(int maxItems)
{
    private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);

    /// <summary>Takes one row in.</summary>
    /// <exception cref="HistoryFormatException">More items than the limit.</exception>
    public void Add(HistoryRecord record)
    {
        if (record.ItemId is not { } id) return;
        if (!_items.TryGetValue(id, out var item))
        {
            if (_items.Count >= maxItems) throw new HistoryFormatException($"more than {maxItems} items (MaxCatalogItems)");
            _items.Add(id, item = new Item());
        }

        var isSale = record is { Type: EventType.Purchase, UnitPrice: > 0 };
        if (record.Title is { } title && (isSale || !item.TitleIsOfSale))
        {
            item.Title = title;
            item.TitleIsOfSale = isSale;
        }

        if (record.Category is { } category) item.Category = category;
        if (record.UnitPrice is not (> 0 and var price)) return;
        item.Price = price;
        item.Currency = record.Currency;
    }

    /// <summary>The items in order of first appearance.</summary>
    public IEnumerable<CatalogItem> Items()
    {
        foreach (var (id, item) in _items)
        {
            yield return new CatalogItem { ItemId = id, Title = item.Title, Category = item.Category, Price = item.Price, Currency = item.Currency };
        }
    }

    private sealed class Item
    {
        public string? Title;
        public bool TitleIsOfSale;
        public string? Category;
        public decimal? Price;
        public string? Currency;
    }
}
