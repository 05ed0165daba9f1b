using Streaming.Contracts;

namespace Streaming.Training.Simulate;

/// <summary>An item of the generated shop.</summary>
/// <param name="Catalog">What the shop says of it.</param>
/// <param name="Category">Number of its category.</param>
/// <param name="Style">Number of its style: what its title's adjective names, and customers like or not.</param>
/// <param name="Appeal">How popular it is by itself.</param>
/// <param name="IsConsumable">Bought again and again.</param>
internal sealed record SyntheticItem(CatalogItem Catalog, int Category, int Style, double Appeal, bool IsConsumable);
