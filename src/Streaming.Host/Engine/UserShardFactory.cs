using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Engine;

/// <summary>Makes shards over the node's Kafka clients and store.</summary>
/// <param name="services">What all shards share.</param>
/// <param name="brokers">Kafka.</param>
/// <param name="store">Rows.</param>
internal sealed class UserShardFactory(ShardServices services, IShardBrokerFactory brokers, ISnapshotStore store) : IUserShardFactory
{
    /// <inheritdoc/>
    public async ValueTask<IUserShard> CreateAsync(int partition, CancellationToken cancellation)
    {
        var broker = await brokers.OpenAsync(partition, cancellation);
        try
        {
            return new UserShard(services, broker, await store.OpenShardAsync(partition, cancellation));
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }
}
