using System.Collections.Concurrent;
using Streaming.Core.Errors;
using Streaming.Core.Fold;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Items;

/// <summary>
/// Item-vector tables in the store: the trained base, and small additive versions that give every other item a vector from its attributes at once (design rule 4.10). A version is durable
/// before a shard may put it in force.
/// </summary>
/// <param name="store">Where tables are kept, as blobs named <c>table-</c>sha256.</param>
/// <param name="index">The node's catalogue; null: only ids are known.</param>
/// <param name="items">The process's item numbers.</param>
/// <param name="dimensions">D.</param>
public sealed class VectorTables(ISnapshotStore store, ItemIndex? index, ItemDictionary items, int dimensions) : IVectorTables
{
    private readonly ConcurrentDictionary<string, bool> _written = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string? BaseSha256 { get; private set; }

    /// <summary>Name of a table's blob.</summary>
    public static string BlobName(string sha256) => "table-" + sha256;

    /// <summary>Makes a trained table the base that shards should stand on.</summary>
    public async ValueTask UseBaseAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        VectorTableBlob.Read(bytes.Span, dimensions);
        var sha256 = VectorTableBlob.Sha256(bytes.Span);
        await store.WriteBlobAsync(BlobName(sha256), bytes, cancellation).ConfigureAwait(false);
        BaseSha256 = sha256;
    }

    /// <inheritdoc/>
    public async ValueTask<VectorTableVersion?> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation)
    {
        var ordered = without.ToArray();
        Array.Sort(ordered, items.Compare);
        var entries = new VectorTableEntry[ordered.Length];
        for (var i = 0; i < ordered.Length; i++) entries[i] = new VectorTableEntry(items.Id(ordered[i]).ToArray(), Vector(ordered[i]));
        var bytes = VectorTableBlob.Write(dimensions, entries);
        var sha256 = VectorTableBlob.Sha256(bytes);
        if (!_written.ContainsKey(sha256))
        {
            try
            {
                await store.WriteBlobAsync(BlobName(sha256), bytes, cancellation).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                return null; // counted by the store; the items get their vector from a later version, the ring remembers the actions
            }

            _written.TryAdd(sha256, true);
        }

        return new VectorTableVersion(sha256, false, [.. entries.Select(e => (e.ItemId, e.Vector))]);
    }

    /// <inheritdoc/>
    public async ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, CancellationToken cancellation)
    {
        var bytes = await store.ReadBlobAsync(BlobName(sha256), cancellation).ConfigureAwait(false)
            ?? throw new CorruptRowException($"the store does not hold vector table {sha256}");
        if (VectorTableBlob.Sha256(bytes) != sha256) throw new CorruptRowException($"the stored vector table {sha256} has another hash");
        return new VectorTableVersion(sha256, isBase, [.. VectorTableBlob.Read(bytes, dimensions).Select(e => (e.ItemId, e.Vector))]);
    }

    private float[] Vector(int item)
    {
        var vector = new float[dimensions];
        Contracts.CatalogItem? known = null;
        if (index is not null)
        {
            index.EnterRead();
            try
            {
                known = index.Catalog(item);
            }
            finally
            {
                index.ExitRead();
            }
        }

        if (known is null) HashedItemVectors.Of(items.Id(item), vector);
        else HashedItemVectors.Of(known, vector);
        return vector;
    }
}
