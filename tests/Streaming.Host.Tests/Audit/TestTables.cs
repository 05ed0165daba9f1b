using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Tests.Audit;

/// <summary>Gives items vectors by their ids, some time after they appear, in a table of the store.</summary>
internal sealed class TestTables(ISnapshotStore store, ItemDictionary items, int dimensions) : IVectorTables
{
    public string? BaseSha256 { get; set; }

    public async ValueTask<IReadOnlyList<NewVectorTable>> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> wanted, CancellationToken cancellation)
    {
        var version = await WriteAsync(wanted.Select(item => items.Id(item).ToArray()), isBase: false, salt: 0, cancellation);
        return [new NewVectorTable(version, (await store.ReadBlobAsync(VectorTables.BlobName(version.Sha256), cancellation))!)];
    }

    public async ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, byte[]? logged, CancellationToken cancellation)
    {
        var bytes = await store.ReadBlobAsync(VectorTables.BlobName(sha256), cancellation);
        return new VectorTableVersion(sha256, isBase, [.. VectorTableBlob.Read(bytes, dimensions).Select(e => (e.ItemId, e.Vector))]);
    }

    public async ValueTask<VectorTableVersion?[]> TryLoadAsync(IReadOnlyList<string> sha256, CancellationToken cancellation)
    {
        var loaded = new VectorTableVersion?[sha256.Count];
        for (var i = 0; i < loaded.Length; i++) loaded[i] = await LoadAsync(sha256[i], isBase: false, null, cancellation);
        return loaded;
    }

    public async ValueTask<VectorTableVersion> WriteAsync(IEnumerable<byte[]> ids, bool isBase, int salt, CancellationToken cancellation)
    {
        var entries = ids.Select(id => new VectorTableEntry(id, Vector(id, salt))).ToList();
        var bytes = VectorTableBlob.Write(dimensions, entries);
        var sha256 = VectorTableBlob.Sha256(bytes);
        await store.WriteBlobAsync(VectorTables.BlobName(sha256), bytes, cancellation);
        return new VectorTableVersion(sha256, isBase, [.. VectorTableBlob.Read(bytes, dimensions).Select(e => (e.ItemId, e.Vector))]);
    }

    private float[] Vector(byte[] id, int salt)
    {
        var random = new Random(id.Aggregate(17 + salt, (h, b) => (h * 31) + b));
        return [.. Enumerable.Range(0, dimensions).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }
}
