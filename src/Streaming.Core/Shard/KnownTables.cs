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
    public ValueTask<VectorTableVersion?[]> TryLoadAsync(IReadOnlyList<string> sha256, CancellationToken cancellation) =>
        tables.TryLoadAsync(sha256, hash => shard.State.Vectors.EntriesOf(hash) is { } entries ? new VectorTableVersion(hash, false, entries) : null, cancellation);
}
