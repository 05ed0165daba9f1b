namespace Streaming.Host.Audit;

/// <summary>Where the audit finds the item-vector table versions that <c>table</c> facts name.</summary>
public interface IVectorTableSource
{
    /// <summary>A version's entries in their order; null where it is not there, or its bytes have another hash.</summary>
    ValueTask<IReadOnlyList<(string Item, float[] Vector)>?> ReadAsync(string sha256, int dimensions, CancellationToken cancellation);
}
