using Streaming.Contracts;

namespace Streaming.Core.Items;

/// <summary>What the shop says of its items: categories and groups become numbers of this process, prices become floats for features.</summary>
internal sealed class Catalogue
{
    /// <summary>Most categories, and most groups; further ones count as none.</summary>
    private const int MaxNames = 1_000_000;
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly List<string> _categoryNames = [];

    /// <summary>Items in the catalogue.</summary>
    public int Count { get; private set; }

    /// <summary>Name of a category.</summary>
    public string CategoryName(int category) => _categoryNames[category];

    /// <summary>Puts a record in force; null takes the item out.</summary>
    public void Set(ItemEntry entry, CatalogItem? item)
    {
        Count += (item is null ? 0 : 1) - (entry.Catalog is null ? 0 : 1);
        entry.Catalog = item;
        entry.Category = item?.Category is { Length: > 0 } category ? Number(_categories, category, _categoryNames) : -1;
        entry.Group = item?.GroupId is { Length: > 0 } group ? Number(_groups, group, null) : -1;
        entry.Price = item?.Price is { } price && price > 0 && price < 1_000_000_000m ? (float)price : 0;
    }

    private static int Number(Dictionary<string, int> numbers, string text, List<string>? names)
    {
        if (numbers.TryGetValue(text, out var number)) return number;
        if (numbers.Count == MaxNames) return -1;
        numbers.Add(text, numbers.Count);
        names?.Add(text);
        return numbers.Count - 1;
    }
}
