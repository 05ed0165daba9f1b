using Streaming.Core.Fold;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Reads the vector tables that R names while a take-over still waits for its fence. A table is known by its hash, so whoever writes R meanwhile, what was read early is what it is; those that R names by
/// then and that were not read are read then. Whatever fails here is asked for again, and said, there.
/// </summary>
/// <param name="store">The shard's rows.</param>
/// <param name="tables">The store's tables.</param>
internal sealed class EarlyTables(IShardStore store, IVectorTables tables) : IVectorTables
{
    private static readonly Task<Dictionary<string, VectorTableVersion>> Nothing = Task.FromResult(new Dictionary<string, VectorTableVersion>());
    private Task<Dictionary<string, VectorTableVersion>> _reading = Nothing;

    /// <inheritdoc/>
    public string? BaseSha256 => tables.BaseSha256;

    /// <summary>Begins to read, once what was read before has come to its end.</summary>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await SettleAsync().ConfigureAwait(false);
        _reading = ReadAsync(cancellation);
    }

    /// <summary>Waits until nothing is being read, and lets go of what was.</summary>
    public async ValueTask SettleAsync()
    {
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reading = Nothing;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NewVectorTable>> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation) => tables.ExtendAsync(inForce, without, cancellation);

    /// <inheritdoc/>
    public ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, byte[]? logged, CancellationToken cancellation) => tables.LoadAsync(sha256, isBase, logged, cancellation);

    /// <inheritdoc/>
    public async ValueTask<VectorTableVersion?[]> TryLoadAsync(IReadOnlyList<string> sha256, CancellationToken cancellation)
    {
        await ((Task)_reading).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        var early = _reading.IsCompletedSuccessfully ? await _reading.ConfigureAwait(false) : [];
        return await tables.TryLoadAsync(sha256, early.GetValueOrDefault, cancellation).ConfigureAwait(false);
    }

    private async Task<Dictionary<string, VectorTableVersion>> ReadAsync(CancellationToken cancellation)
    {
        var found = new Dictionary<string, VectorTableVersion>(StringComparer.Ordinal);
        if ((await store.ReadShardAsync(cancellation).ConfigureAwait(false)).Blob is not { } blob) return found;
        var named = RowTables.Additive(ShardRowCodec.Decode(blob));
        foreach (var version in await tables.TryLoadAsync([.. named], cancellation).ConfigureAwait(false))
        {
            if (version is not null) found[version.Sha256] = version;
        }

        return found;
    }
}
