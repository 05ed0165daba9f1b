using System.Text;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Host.Audit;

namespace Streaming.Host.Cli;

/// <summary>Item-vector tables as the engine keeps them in its store.</summary>
/// <param name="store">The store.</param>
internal sealed class StoreVectorTables(ISnapshotStore store) : IVectorTableSource
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(string Item, float[] Vector)>?> ReadAsync(string sha256, int dimensions, byte[]? logged, CancellationToken cancellation)
    {
        var bytes = await store.ReadBlobAsync(VectorTables.BlobName(sha256), cancellation);
        if (bytes is null || VectorTableBlob.Sha256(bytes) != sha256) bytes = logged;
        if (bytes is null || VectorTableBlob.Sha256(bytes) != sha256) return null;
        return [.. VectorTableBlob.Read(bytes, dimensions).Select(e => (Encoding.UTF8.GetString(e.ItemId), e.Vector))];
    }
}
