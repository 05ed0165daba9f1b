using System.Security.Cryptography;
using System.Text;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Audit;

/// <summary>Item-vector table versions from the snapshot store, where they lie under their sha256; each is read once for all partitions.</summary>
public sealed class StoredVectorTables(ISnapshotStore store) : IVectorTableSource
{
    private readonly Dictionary<string, IReadOnlyList<(string Item, float[] Vector)>> _read = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(string Item, float[] Vector)>?> ReadAsync(string sha256, int dimensions, CancellationToken cancellation)
    {
        if (_read.TryGetValue(sha256, out var known)) return known;
        if (sha256.Length == 0) return null;
        var bytes = await store.ReadBlobAsync(sha256, cancellation);
        if (bytes is null || Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256) return null;
        var entries = VectorTableBlob.Read(bytes, dimensions).Select(entry => (Encoding.UTF8.GetString(entry.ItemId), entry.Vector)).ToList();
        _read.Add(sha256, entries);
        return entries;
    }
}
