using Streaming.Core.Churn;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Inspect;

/// <summary>Profiles as a store holds them, for people; nothing is written.</summary>
internal static class StoredProfiles
{
    /// <summary>The first of the keys that has a row, as of that row; null where none has.</summary>
    /// <param name="store">The store.</param>
    /// <param name="keys">Keys, in order of preference.</param>
    /// <param name="churn">Churn definition; the risk is as of the user's own last event.</param>
    /// <param name="fold">Fold settings.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="TopologyMismatchException">The store was never used by a node.</exception>
    /// <exception cref="CorruptRowException">The row cannot be trusted.</exception>
    public static async Task<ProfileDocument?> FindAsync(ISnapshotStore store, IReadOnlyList<UserKey> keys, ChurnOptions churn, FoldOptions fold, CancellationToken cancellation)
    {
        var record = await store.ReadBlobAsync(KafkaTopics.BlobName, cancellation);
        if (record is null || TopologyRecord.FromBytes(record) is not { } topology)
            throw new TopologyMismatchException($"{store.Description} holds no record of the topics it belongs to: no node has used it yet.");
        var items = new ItemDictionary();
        var reader = new StoredUserReader(items, new VectorTables(store, null, items, fold.Dimensions), fold.Dimensions);
        foreach (var key in keys)
        {
            var partition = Murmur2.Partition(key.Id, topology.Partitions);
            await using var shard = await store.OpenShardAsync(partition, cancellation);
            if (await reader.ReadAsync(shard, key, cancellation) is { IsErased: false } user) return ProfileDocument.Of(UserViews.Of(user, items, fold, new ChurnModel(churn), user.LastEventMs), partition);
        }

        return null;
    }
}
