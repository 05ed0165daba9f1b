using System.Collections.Concurrent;
using Streaming.Core.Shard;

namespace Streaming.Pipeline.Tests.Fakes;

/// <summary>Makes fake shards and keeps them all.</summary>
internal sealed class FakeShardFactory(Action<FakeUserShard>? configure = null) : IUserShardFactory
{
    public ConcurrentQueue<FakeUserShard> All { get; } = new();

    public ValueTask<IUserShard> CreateAsync(int partition, CancellationToken cancellation)
    {
        var shard = new FakeUserShard(partition);
        configure?.Invoke(shard);
        All.Enqueue(shard);
        return ValueTask.FromResult<IUserShard>(shard);
    }
}
