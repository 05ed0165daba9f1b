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
        var ranked = new List<ScoredItem>();
        var categories = new Dictionary<int, (int Start, int Count)>();
        foreach (var (category, heap) in Heaps(entries, items, options.PopularPerCategory))
        {
            var sorted = heap.Sorted();
            categories.Add(category, (ranked.Count, sorted.Length));
            ranked.AddRange(sorted);
        }

        return new PopularLists(shop, trending, [.. ranked], categories);
    }

    private static Dictionary<int, TopItems> Heaps(List<ItemEntry> entries, ItemDictionary items, int length)
    {
        var heaps = new Dictionary<int, TopItems>();
        foreach (var entry in entries)
        {
            if (entry.Category < 0 || !(entry.Popular > 0)) continue;
            if (!heaps.TryGetValue(entry.Category, out var heap))
            {
                heaps.Add(entry.Category, heap = new TopItems(items));
                heap.Reset(length);
            }

            heap.Offer(entry.Item, entry.Popular);
        }

        return heaps;
    }
}
