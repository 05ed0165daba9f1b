namespace Streaming.Core.Fold;

/// <summary>Where item-vector tables come from. What is offered is durable in the store before it is returned.</summary>
public interface IVectorTables
{
    /// <summary>The base table that a shard should stand on, or null where there is none.</summary>
    string? BaseSha256 { get; }

    /// <summary>Makes the small additive version that gives vectors to items that have none.</summary>
    /// <param name="inForce">The shard's table.</param>
    /// <param name="without">Item numbers without a vector.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The version; null where the store did not take it (the items stay without vector for now).</returns>
    ValueTask<VectorTableVersion?> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation);

    /// <summary>Loads a version by its hash.</summary>
    ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, CancellationToken cancellation);
}
