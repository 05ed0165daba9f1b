namespace Streaming.Core.Items;

/// <summary>Ranked lists of one moment, immutable: built by the index's writer, swapped in as a whole, read without a lock.</summary>
internal sealed class PopularLists
{
    /// <summary>Before the first refresh.</summary>
    public static readonly PopularLists Empty = new([], [], [], new Dictionary<int, (int, int)>());

    private readonly ScoredItem[] _byCategory;
    private readonly Dictionary<int, (int Start, int Count)> _categories;

    private PopularLists(ScoredItem[] shop, ScoredItem[] trending, ScoredItem[] byCategory, Dictionary<int, (int Start, int Count)> categories)
    {
        Shop = shop;
        Trending = trending;
        _byCategory = byCategory;
        _categories = categories;
    }

    /// <summary>Of the whole shop, most popular first; catalogue items that nobody touched close it. Scores in forward form.</summary>
    public ScoredItem[] Shop { get; }

    /// <summary>Trending items by z.</summary>
    public ScoredItem[] Trending { get; }

    /// <summary>Of one category; empty where nothing of it was touched.</summary>
    public ReadOnlySpan<ScoredItem> Category(int category) =>
        _categories.TryGetValue(category, out var range) ? _byCategory.AsSpan(range.Start, range.Count) : [];

    /// <summary>Ranks. The entries must not change meanwhile.</summary>
    /// <param name="entries">Every entry that may be recommended.</param>
    /// <param name="items">For ties.</param>
    /// <param name="options">Lengths.</param>
    public static PopularLists Build(List<ItemEntry> entries, ItemDictionary items, ItemIndexOptions options)
    {
        var top = new TopItems(items);
        top.Reset(options.PopularLength);
        foreach (var entry in entries) top.Offer(entry.Item, entry.Popular);
        var shop = top.Sorted().ToArray();
        top.Reset(options.TrendingLength);
        foreach (var entry in entries)
        {
            if (entry.IsTrending) top.Offer(entry.Item, entry.Trend);
        }

        var trending = top.Sorted().ToArray();
        var touched = entries.FindAll(e => e.Category >= 0 && e.Popular > 0);
        touched.Sort((a, b) => a.Category != b.Category ? a.Category.CompareTo(b.Category)
            : a.Popular != b.Popular ? b.Popular.CompareTo(a.Popular)
            : items.Compare(a.Item, b.Item));
        var ranked = new List<ScoredItem>(touched.Count);
        var categories = new Dictionary<int, (int Start, int Count)>();
        foreach (var entry in touched)
        {
            if (!categories.TryGetValue(entry.Category, out var range)) range = (ranked.Count, 0);
            if (range.Count == options.PopularPerCategory) continue;
            categories[entry.Category] = (range.Start, range.Count + 1);
            ranked.Add(new ScoredItem(entry.Item, entry.Popular, -1));
        }

        return new PopularLists(shop, trending, [.. ranked], categories);
    }
}
