namespace Streaming.Core.Fold;

/// <summary>Where item-vector tables come from. What is offered is durable in the store before it is returned.</summary>
public interface IVectorTables
{
    /// <summary>The base table that a shard should stand on, or null where there is none.</summary>
    string? BaseSha256 { get; }

    /// <summary>Makes small additive versions that give vectors to items that have none; more than one where a record of <c>control</c> could not hold it.</summary>
    /// <param name="inForce">The shard's table.</param>
    /// <param name="without">Item numbers without a vector.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The versions; those that the store did not take are missing (their items stay without vector for now).</returns>
    ValueTask<IReadOnlyList<NewVectorTable>> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation);

    /// <summary>Loads a version by its hash.</summary>
    /// <param name="sha256">Hash (hex) of its bytes.</param>
    /// <param name="isBase">True where it begins a chain anew.</param>
    /// <param name="logged">Its bytes as <c>control</c> holds them; null where they are not at hand. A store that does not hold the version gets it back from them.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Errors.CorruptRowException">Neither the store nor the log has it.</exception>
    ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, byte[]? logged, CancellationToken cancellation);

    /// <summary>Loads additive versions that the store holds.</summary>
    /// <param name="sha256">Hashes (hex) of their bytes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>In the order of the hashes; null where the store holds none of this hash.</returns>
    ValueTask<VectorTableVersion?[]> TryLoadAsync(IReadOnlyList<string> sha256, CancellationToken cancellation);
}
