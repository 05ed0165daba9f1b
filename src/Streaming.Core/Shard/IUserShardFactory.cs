namespace Streaming.Core.Shard;

/// <summary>Makes the shard of a partition, with its own broker connection and store; called again after a shard was disposed.</summary>
public interface IUserShardFactory
{
    /// <summary>
    /// Creates a shard that owns nothing yet: <see cref="IUserShard.TakeOverAsync"/> comes next. Errors are <see cref="Errors.EngineException"/>s.
    /// </summary>
    /// <param name="partition">Partition number of <c>events</c>.</param>
    /// <param name="cancellation">Cancelled where the shard is no longer wanted here.</param>
    ValueTask<IUserShard> CreateAsync(int partition, CancellationToken cancellation);
}
