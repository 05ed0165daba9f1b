using System.Collections.Concurrent;
using Streaming.Core.Errors;
using Streaming.Core.Fold;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Items;

/// <summary>
/// Item-vector tables in the store: the trained base, and small additive versions that give every other item a vector from its attributes at once (design rule 4.10). A version is durable
/// before a shard may put it in force, and <c>control</c> holds the additive ones too, so that a store put back from a backup gets them again.
/// </summary>
/// <param name="store">Where tables are kept, as blobs named <c>table-</c>sha256.</param>
/// <param name="index">The node's catalogue; null: only ids are known.</param>
/// <param name="items">The process's item numbers.</param>
/// <param name="dimensions">D.</param>
public sealed class VectorTables(ISnapshotStore store, ItemIndex? index, ItemDictionary items, int dimensions) : IVectorTables
{
    // A record of control holds it as base64, below Kafka's usual message.max.bytes of 1 MiB.
    private const int MaxVersionBytes = 512 * 1024;
    private readonly ConcurrentDictionary<string, bool> _written = new(StringComparer.Ordinal);
    private readonly Lock _loadingBase = new();
    private (string Sha256, Task<VectorTableVersion> Loading)? _base;
    private volatile VectorTableVersion? _loaded;

    /// <inheritdoc/>
    public string? BaseSha256 { get; private set; }

    /// <summary>Name of a table's blob.</summary>
    public static string BlobName(string sha256) => "table-" + sha256;

    /// <summary>Makes a trained table the base that shards should stand on.</summary>
    public async ValueTask UseBaseAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var block = VectorBlock.Of(items, dimensions, VectorTableBlob.Read(bytes.Span, dimensions));
        var sha256 = VectorTableBlob.Sha256(bytes.Span);
        await store.WriteBlobAsync(BlobName(sha256), bytes, cancellation).ConfigureAwait(false);
        _loaded = new VectorTableVersion(sha256, true, block);
        BaseSha256 = sha256;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NewVectorTable>> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation)
    {
        var ordered = without.ToArray();
        Array.Sort(ordered, items.Compare);
        var made = new List<NewVectorTable>(1);
        for (var from = 0; from < ordered.Length;)
        {
            var to = from;
            for (var bytes = 0; to < ordered.Length && (to == from || bytes + BytesOf(ordered[to]) <= MaxVersionBytes); to++) bytes += BytesOf(ordered[to]);
            if (await MakeAsync(ordered.AsMemory(from, to - from), cancellation).ConfigureAwait(false) is not { } table) break;
            made.Add(table);
            from = to;
        }

        return made;
    }

    /// <inheritdoc/>
    public async ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, byte[]? logged, CancellationToken cancellation)
    {
        if (!isBase) return Additive(sha256, await BytesAsync(sha256, logged, cancellation).ConfigureAwait(false));
        if (logged is not null) return await LoadBaseAsync(sha256, logged, cancellation).ConfigureAwait(false);
        Task<VectorTableVersion> loading;
        lock (_loadingBase)
        {
            // One request for all shards that ask at the same time; it does not end with one of them.
            if (_base is not var (known, under) || known != sha256 || under.IsCompleted) _base = (sha256, under = LoadBaseAsync(sha256, logged, CancellationToken.None));
            loading = under;
        }

        return await loading.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<VectorTableVersion?[]> TryLoadAsync(IReadOnlyList<string> sha256, CancellationToken cancellation)
    {
        var blobs = await store.ReadBlobsAsync([.. sha256.Select(BlobName)], cancellation).ConfigureAwait(false);
        return [.. blobs.Select((bytes, i) => bytes is not null && VectorTableBlob.Sha256(bytes) == sha256[i] ? Additive(sha256[i], bytes) : null)];
    }

    // The store is asked every time: one that was put back from a backup may lack what was there before. What was read of it before is used again.
    private async Task<VectorTableVersion> LoadBaseAsync(string sha256, byte[]? logged, CancellationToken cancellation)
    {
        var bytes = await BytesAsync(sha256, logged, cancellation).ConfigureAwait(false);
        if (_loaded is not { } known || known.Sha256 != sha256)
            _loaded = known = new VectorTableVersion(sha256, true, VectorBlock.Of(items, dimensions, VectorTableBlob.Read(bytes, dimensions)));
        return known;
    }

    private async ValueTask<byte[]> BytesAsync(string sha256, byte[]? logged, CancellationToken cancellation)
    {
        var bytes = await store.ReadBlobAsync(BlobName(sha256), cancellation).ConfigureAwait(false);
        if (bytes is not null && VectorTableBlob.Sha256(bytes) == sha256) return bytes;
        if (logged is null || VectorTableBlob.Sha256(logged) != sha256)
            throw new CorruptRowException(bytes is null ? $"the store does not hold vector table {sha256}" : $"the stored vector table {sha256} has another hash");
        await store.WriteBlobAsync(BlobName(sha256), logged, cancellation).ConfigureAwait(false);
        return logged;
    }

    private async ValueTask<NewVectorTable?> MakeAsync(ReadOnlyMemory<int> of, CancellationToken cancellation)
    {
        var entries = new VectorTableEntry[of.Length];
        for (var i = 0; i < entries.Length; i++) entries[i] = new VectorTableEntry(items.Id(of.Span[i]).ToArray(), Vector(of.Span[i]));
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

        return new NewVectorTable(new VectorTableVersion(sha256, false, [.. entries.Select(e => (e.ItemId, e.Vector))]), bytes);
    }

    private VectorTableVersion Additive(string sha256, byte[] bytes) => new(sha256, false, [.. VectorTableBlob.Read(bytes, dimensions).Select(e => (e.ItemId, e.Vector))]);

    private int BytesOf(int item) => items.Id(item).Length + (dimensions * sizeof(float)) + 4;

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
