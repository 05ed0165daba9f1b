namespace Streaming.Training.NextItem;

/// <summary>Everything that candidates and features are read from, fitted on some sessions and frozen.</summary>
/// <param name="Counts">Counts.</param>
/// <param name="Neighbours">Sessions by item.</param>
/// <param name="Pairs">Pairs.</param>
/// <param name="Facts">Facts of each item.</param>
/// <param name="Encoder">Weights of the session encoder.</param>
/// <param name="Settings">Settings, chosen before.</param>
/// <param name="Places">Places of the items in the order of their ids.</param>
internal sealed record NextItemSources(ItemCounts Counts, NeighbourIndex Neighbours, PairIndex Pairs, ItemFacts Facts, EncoderWeights Encoder, HybridSettings Settings, int[] Places);
