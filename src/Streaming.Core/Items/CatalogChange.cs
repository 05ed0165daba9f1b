using Streaming.Contracts;

namespace Streaming.Core.Items;

/// <summary>A record of the <c>catalog</c> topic.</summary>
/// <param name="ItemId">Key.</param>
/// <param name="Item">Value; null takes the item out of the catalogue.</param>
public readonly record struct CatalogChange(string ItemId, CatalogItem? Item);
