using Streaming.Core.Events;

namespace Streaming.Core.Shard;

/// <summary>
/// The protocol of one user shard, step by step, as its driver (an actor with a stream, or a simulation) sees it. Steps of different batches may
/// overlap in one way only: Ingest of batch n+2, Work of batch n+1 and Commit of batch n may run at the same time; each kind of step runs one at a
/// time and in order. After any exception out of a step the driver drops every batch in flight and acts by <see cref="Errors.ErrorAction"/>.
/// </summary>
public interface IUserShard : IAsyncDisposable
{
    /// <summary>Partition number.</summary>
    int Partition { get; }

    /// <summary>Fence → committed offset C → row R → silent replay of the batch records from R on, C held against them. Afterwards the shard stands at their end. May be called again after a failure: everything in memory is dropped first.</summary>
    ValueTask TakeOverAsync(CancellationToken cancellation);

    /// <summary>Stages Ingest and Decode: the next batch, possibly empty (idle, for ticks and requests). Waits at most the poll wait.</summary>
    ValueTask<ShardBatch> IngestAsync(CancellationToken cancellation);

    /// <summary>Stages Fold, Recall, Score and Rerank: state moves past the batch and its outputs are prepared.</summary>
    ValueTask WorkAsync(ShardBatch batch, CancellationToken cancellation);

    /// <summary>Stages Emit and Snapshot: one transaction for the batch, then, when due, the rows of a flush. The batch may be reused afterwards.</summary>
    ValueTask CommitAsync(ShardBatch batch, CancellationToken cancellation);

    /// <summary>After the last commit and with no step running: makes everything up to C durable.</summary>
    ValueTask HandOffAsync(CancellationToken cancellation);

    /// <summary>What the shard knows of a user, at or below C. Safe from any thread; answered by the running steps.</summary>
    Task<UserView?> QueryAsync(UserKey user, CancellationToken cancellation);

    /// <summary>What would be recommended to a user now, by the profile at or below C; for one that the shard does not know, what anybody would get. Safe from any thread; answered by the running steps.</summary>
    /// <param name="user">User.</param>
    /// <param name="length">Most items; 0: as many as in the topic.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<UserList> RecommendAsync(UserKey user, int length, CancellationToken cancellation);

    /// <summary>Where the shard stands; safe from any thread.</summary>
    ShardStatus Status { get; }
}
