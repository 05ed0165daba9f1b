using System.Numerics;
using System.Text;
using Streaming.Contracts;

namespace Streaming.Core.Items;

/// <summary>
/// A unit vector for an item that no trained table knows, from its attributes alone (the hashing trick: Weinberger et al., "Feature Hashing for Large Scale
/// Multitask Learning", ICML 2009, with dense ±1 signs as in Achlioptas, "Database-friendly random projections", 2003). Items that share words of the title,
/// category, brand or price band have a positive cosine. All sums are of integers and only one division and one square root follow, so every machine makes the
/// same bits; the order of attributes plays no part.
/// </summary>
public static class HashedItemVectors
{
    private const int TitleBudget = 24, CategoryBudget = 24, Group = 12, Brand = 12, Price = 4, Attribute = 2, OwnId = 8;

    /// <summary>The vector of an item with catalogue data; where it has no attribute at all, that of its id.</summary>
    /// <param name="item">The catalogue's record.</param>
    /// <param name="into">D floats, overwritten; a unit vector.</param>
    public static void Of(CatalogItem item, Span<float> into)
    {
        var sums = new TokenSums(stackalloc int[into.Length]);
        TitleTokens.Add(ref sums, item.Title, TitleBudget);
        AddCategory(ref sums, item.Category);
        if (!string.IsNullOrWhiteSpace(item.Brand)) sums.Add('b', Encoding.UTF8.GetBytes(item.Brand.Trim()), Brand);
        if (!string.IsNullOrWhiteSpace(item.GroupId)) sums.Add('g', Encoding.UTF8.GetBytes(item.GroupId), Group);
        if (item.Price is > 0) sums.Add('p', [(byte)BandOf(item.Price.Value)], Price);
        foreach (var (key, value) in item.Attributes ?? new Dictionary<string, string>()) sums.Add('a', Encoding.UTF8.GetBytes(key + "=" + value), Attribute);
        if (sums.IsZero) sums.Add('i', Encoding.UTF8.GetBytes(item.ItemId), OwnId);
        sums.WriteUnit(into);
    }

    /// <summary>The vector of an item of which only the id is known.</summary>
    /// <param name="itemId">UTF-8.</param>
    /// <param name="into">D floats, overwritten; a unit vector.</param>
    public static void Of(ReadOnlySpan<byte> itemId, Span<float> into)
    {
        var sums = new TokenSums(stackalloc int[into.Length]);
        sums.Add('i', itemId, OwnId);
        sums.WriteUnit(into);
    }

    /// <summary>Every level of the path is a token, so that a shared parent counts too.</summary>
    private static void AddCategory(ref TokenSums sums, string? category)
    {
        if (string.IsNullOrWhiteSpace(category)) return;
        var bytes = Encoding.UTF8.GetBytes(category.Trim());
        var weight = Math.Max(1, CategoryBudget / (bytes.AsSpan().Count((byte)'/') + 1));
        for (var end = 1; end <= bytes.Length; end++)
        {
            if (end == bytes.Length || bytes[end] == (byte)'/') sums.Add('c', bytes.AsSpan(0, end), weight);
        }
    }

    /// <summary>Half-octaves of the price, by integers alone: 2 log2(price), rounded down at 1 and 1.5 of each power of two.</summary>
    private static int BandOf(decimal price)
    {
        var units = (ulong)Math.Clamp(price * 10_000m, 1m, 1_000_000_000_000_000m);
        var octave = BitOperations.Log2(units);
        return (2 * octave) + (octave > 0 && ((units >> (octave - 1)) & 1) == 1 ? 1 : 0);
    }
}
