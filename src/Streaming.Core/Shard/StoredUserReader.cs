using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Reads profiles out of a store beside the running shard, for people. Vectors and interests that a row leaves out, because its ring holds the whole story, are derived with the settings and tables
/// that R names; tables younger than R are not known here.
/// </summary>
/// <param name="items">Item numbers of the process.</param>
/// <param name="tables">The store's vector tables.</param>
/// <param name="dimensions">D.</param>
public sealed class StoredUserReader(ItemDictionary items, IVectorTables tables, int dimensions)
{
    /// <summary>The profile as of its row; null where there is no row.</summary>
    /// <exception cref="CorruptRowException">The row, or R, cannot be trusted.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<UserState?> ReadAsync(IShardStore store, UserKey key, CancellationToken cancellation)
    {
        var row = (await store.ReadUsersAsync([key.Bytes], cancellation).ConfigureAwait(false))[0];
        if (row.Blob is null) return null;
        var user = new UserRowCodec(items).Decode(row.Blob, key);
        if (!user.IsRingWhole || user.RingCount == 0) return user;
        var shard = await store.ReadShardAsync(cancellation).ConfigureAwait(false);
        if (shard.Blob is null) return user;
        var content = ShardRowCodec.Decode(shard.Blob);
        if (user.SettingsVersion < 1 || user.SettingsVersion > content.Settings.Count) return user;
        var memory = new ShardMemory(items, dimensions, new ShardOptions());
        var additive = new Queue<VectorTableVersion?>(await tables.TryLoadAsync([.. content.Tables.Where(t => !t.IsBase).Select(t => t.Sha256)], cancellation).ConfigureAwait(false));
        var versions = new List<VectorTableVersion>();
        foreach (var (sha256, isBase) in content.Tables)
            versions.Add((isBase ? null : additive.Dequeue()) ?? await tables.LoadAsync(sha256, isBase, logged: null, cancellation).ConfigureAwait(false));
        content.RestoreInto(memory, versions);
        InterestFold.Derive(user, memory.State);
        return user;
    }
}
