using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>The tables of a side replay: what the shard's own chain holds comes from memory, so that a slow store is not asked for it between two batches.</summary>
internal sealed class KnownTables(ShardMemory shard, IVectorTables stored) : IVectorTables
{
    /// <inheritdoc/>
    public string? BaseSha256 => stored.BaseSha256;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NewVectorTable>> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation) => stored.ExtendAsync(inForce, without, cancellation);

    /// <inheritdoc/>
    public ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, byte[]? logged, CancellationToken cancellation) =>
        shard.State.Vectors.EntriesOf(sha256) is { } entries ? new(new VectorTableVersion(sha256, isBase, entries)) : stored.LoadAsync(sha256, isBase, logged, cancellation);
}
