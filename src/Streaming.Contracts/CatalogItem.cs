namespace Streaming.Contracts;

/// <summary>A record of <c>catalog</c>: one item, key = itemId, compacted; a null value removes it.</summary>
public sealed record CatalogItem
{
    /// <summary>The shop's id of the item.</summary>
    public required string ItemId { get; init; }
    /// <summary>Title as shown.</summary>
    public string? Title { get; init; }
    /// <summary>Category, a path with <c>/</c> where there is a tree.</summary>
    public string? Category { get; init; }
    /// <summary>Brand.</summary>
    public string? Brand { get; init; }
    /// <summary>Price of one unit.</summary>
    public decimal? Price { get; init; }
    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }
    /// <summary>False where it cannot be bought now; absent counts as true.</summary>
    public bool? InStock { get; init; }
    /// <summary>Further attributes.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
    /// <summary>Variants of one product share it.</summary>
    public string? GroupId { get; init; }
    /// <summary>product (default), content or promotion.</summary>
    public string? Kind { get; init; }
    /// <summary>First day on sale, ms since 1970.</summary>
    public long? AvailableFromMs { get; init; }
}
