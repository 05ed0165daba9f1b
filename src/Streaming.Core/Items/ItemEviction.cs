namespace Streaming.Core.Items;

/// <summary>Makes room in a full index.</summary>
internal static class ItemEviction
{
    /// <summary>Removes a sixteenth: items in no catalogue first, then the longest untouched, then by id; so every node that read the same removes the same.</summary>
    /// <param name="all">Every entry.</param>
    /// <param name="entries">By item number.</param>
    /// <param name="catalogue">Loses the records of what goes.</param>
    /// <param name="items">For ties.</param>
    /// <param name="max">Bound of the index.</param>
    public static void Make(List<ItemEntry> all, ItemEntry?[] entries, Catalogue catalogue, ItemDictionary items, int max)
    {
        all.Sort((a, b) =>
            (a.Catalog is null) != (b.Catalog is null) ? (a.Catalog is null ? 1 : -1)
            : a.LastMs != b.LastMs ? b.LastMs.CompareTo(a.LastMs)
            : items.Compare(a.Item, b.Item));
        var keep = Math.Min(all.Count, max - Math.Max(1, max / 16));
        for (var i = keep; i < all.Count; i++)
        {
            catalogue.Set(all[i], null);
            entries[all[i].Item] = null;
        }

        all.RemoveRange(keep, all.Count - keep);
    }
}
