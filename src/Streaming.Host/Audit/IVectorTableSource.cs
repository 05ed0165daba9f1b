namespace Streaming.Host.Audit;

/// <summary>Where the audit finds the item-vector table versions that <c>table</c> facts name.</summary>
public interface IVectorTableSource
{
    /// <summary>A version's entries in their order; null where it is nowhere, or its bytes have another hash.</summary>
    /// <param name="sha256">Hash of its bytes, hex.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="logged">Its bytes as <c>control</c> holds them, where it does: a store put back from a backup lacks it until the shard's next take-over.</param>
    /// <param name="cancellation">Cancels.</param>
    ValueTask<IReadOnlyList<(string Item, float[] Vector)>?> ReadAsync(string sha256, int dimensions, byte[]? logged, CancellationToken cancellation);
}
