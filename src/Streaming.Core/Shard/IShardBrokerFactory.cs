namespace Streaming.Core.Shard;

/// <summary>Hands out the Kafka side of shards. One factory a node; its shards share what can be shared.</summary>
public interface IShardBrokerFactory : IAsyncDisposable
{
    /// <summary>Opens the broker of one partition; nothing is read or fenced before its first call. Dispose it before the factory.</summary>
    ValueTask<IShardBroker> OpenAsync(int partition, CancellationToken cancellation);
}
