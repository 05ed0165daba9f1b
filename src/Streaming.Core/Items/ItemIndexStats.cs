namespace Streaming.Core.Items;

/// <summary>Sizes of an item index, for metrics and people.</summary>
/// <param name="Items">Items with statistics or a catalogue record.</param>
/// <param name="CatalogItems">Items in the catalogue.</param>
/// <param name="Sessions">Sessions kept for session neighbours.</param>
/// <param name="Learned">Sessions learned since the index was made or loaded.</param>
/// <param name="Dropped">Sessions refused: too long, no usable action, or known already.</param>
/// <param name="Trending">Items that trend.</param>
/// <param name="NowMs">Highest event time seen, ms; 0: none.</param>
public readonly record struct ItemIndexStats(int Items, int CatalogItems, int Sessions, long Learned, long Dropped, int Trending, long NowMs);
