using Akka.Streams;
using Microsoft.Extensions.Logging;
using Streaming.Core.Shard;

namespace Streaming.Pipeline.Shards;

/// <summary>What all shards of a node share.</summary>
/// <param name="Factory">Makes shards.</param>
/// <param name="Materializer">Runs the streams. Shared, so that a stream ends by its driver's word and not with the entity under its steps.</param>
/// <param name="Options">How errors are answered.</param>
/// <param name="HandOffDeadline">Time from the hand-off message until a shard must have stopped.</param>
/// <param name="QueryTimeout">Time a shard may take for a query.</param>
/// <param name="Registry">Where the shards are shown.</param>
/// <param name="Fences">Which partitions stay away.</param>
/// <param name="IsMemberAway">True while a member cannot be reached: the cluster has not decided yet which side goes.</param>
/// <param name="Time">The clock of delays.</param>
/// <param name="Jitter">Draws from [0, 1).</param>
/// <param name="Logger">Where the drivers log.</param>
internal sealed record ShardNode(IUserShardFactory Factory, IMaterializer Materializer, ShardDriverOptions Options, TimeSpan HandOffDeadline, TimeSpan QueryTimeout,
    ShardRegistry Registry, FenceLedger Fences, Func<bool> IsMemberAway, TimeProvider Time, Func<double> Jitter, ILogger Logger)
{
    /// <summary>A node's shared parts with the usual clock and randomness.</summary>
    public static ShardNode Create(IUserShardFactory factory, IMaterializer materializer, ShardDriverOptions options, TimeSpan handOffDeadline, TimeSpan queryTimeout,
        Func<bool> isMemberAway, ILogger logger) =>
        new(factory, materializer, options, handOffDeadline, queryTimeout, new ShardRegistry(), new FenceLedger(options, TimeProvider.System, Random.Shared.NextDouble), isMemberAway,
            TimeProvider.System, Random.Shared.NextDouble, logger);
}
