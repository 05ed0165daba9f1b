using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>The tables of a side replay: what the shard's own chain holds comes from memory, so that a slow store is not asked for it between two batches.</summary>
internal sealed class KnownTables(ShardMemory shard, IVectorTables tables) : IVectorTables
{
    /// <inheritdoc/>
    public string? BaseSha256 => tables.BaseSha256;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NewVectorTable>> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation) => tables.ExtendAsync(inForce, without, cancellation);

    /// <inheritdoc/>
    public ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, byte[]? logged, CancellationToken cancellation) =>
        shard.State.Vectors.EntriesOf(sha256) is { } entries ? new(new VectorTableVersion(sha256, isBase, entries)) : tables.LoadAsync(sha256, isBase, logged, cancellation);

    /// <inheritdoc/>
    public async ValueTask<VectorTableVersion?[]> TryLoadAsync(IReadOnlyList<string> sha256, CancellationToken cancellation)
    {
        var versions = sha256.Select(hash => shard.State.Vectors.EntriesOf(hash) is { } entries ? new VectorTableVersion(hash, false, entries) : null).ToArray();
        if (sha256.Where((_, i) => versions[i] is null).ToList() is not { Count: > 0 } others) return versions;
        var stored = new Queue<VectorTableVersion?>(await tables.TryLoadAsync(others, cancellation).ConfigureAwait(false));
        for (var i = 0; i < versions.Length; i++) versions[i] ??= stored.Dequeue();
        return versions;
    }
}
