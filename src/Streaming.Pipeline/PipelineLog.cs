using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline;

/// <summary>Every log line of the pipeline; ids 3000 to 3099.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(3000, LogLevel.Information, "Shard {Partition} runs; take-over took {TakeOver}")]
    public static partial void ShardRunning(ILogger logger, int partition, string takeOver);

    [LoggerMessage(3001, LogLevel.Information, "Shard {Partition} committed, flushed and handed off")]
    public static partial void ShardHandedOff(ILogger logger, int partition);

    [LoggerMessage(3002, LogLevel.Warning, "Shard {Partition} had to stop before its flush was done; its next owner replays more")]
    public static partial void ShardStoppedUnflushed(ILogger logger, int partition);

    [LoggerMessage(3003, LogLevel.Warning, "Shard {Partition}: outcome unclear, takes over again in {Seconds} s")]
    public static partial void ShardTakesOverAgain(ILogger logger, Exception error, int partition, double seconds);

    [LoggerMessage(3004, LogLevel.Warning, "Shard {Partition}: tries again in {Seconds} s")]
    public static partial void ShardRetries(ILogger logger, Exception error, int partition, double seconds);

    [LoggerMessage(3005, LogLevel.Error, "Shard {Partition} was fenced by another owner and stays away for {Seconds} s. Once during a fail-over is normal; again and again means two engines with one id")]
    public static partial void ShardFenced(ILogger logger, Exception error, int partition, double seconds);

    [LoggerMessage(3006, LogLevel.Critical, "Shard {Partition} FAILED and needs a person: going on would lose or double something. It looks again in {Seconds} s")]
    public static partial void ShardFailed(ILogger logger, Exception error, int partition, double seconds);

    [LoggerMessage(3007, LogLevel.Error, "Shard {Partition} broke on an unexpected error; a new one starts in {Seconds} s")]
    public static partial void ShardBroke(ILogger logger, Exception error, int partition, double seconds);

    [LoggerMessage(3008, LogLevel.Error, "Shard {Partition} could not be disposed cleanly")]
    public static partial void ShardDisposeFailed(ILogger logger, Exception error, int partition);

    [LoggerMessage(3009, LogLevel.Error, "The former driver of shard {Partition} did not end within {Seconds} s; a new one starts beside it")]
    public static partial void FormerShardHangs(ILogger logger, int partition, double seconds);

    [LoggerMessage(3010, LogLevel.Error, "Shard {Partition}: a query failed")]
    public static partial void QueryFailed(ILogger logger, Exception error, int partition);

    [LoggerMessage(3011, LogLevel.Warning, "Shard {Partition}: the answer to a query has {Bytes} bytes, more than {Limit}, and was refused")]
    public static partial void AnswerTooLarge(ILogger logger, int partition, int bytes, int limit);

    [LoggerMessage(3012, LogLevel.Error, "Shard {Partition}: {Users} users wait for a person: their row cannot be trusted and the topics no longer reach back to build it anew. /status names them. Put the row back from a backup, or erase the user")]
    public static partial void UsersLost(ILogger logger, int partition, int users);

    [LoggerMessage(3013, LogLevel.Warning, "Shard {Partition}: {Users} users are held back: their row cannot be read, or was refused (checksum, version, age). The others go on; these are read again or built anew from the topics")]
    public static partial void UsersHeldBack(ILogger logger, int partition, int users);

    [LoggerMessage(3014, LogLevel.Information, "Shard {Partition}: nobody is held back any more")]
    public static partial void UsersBack(ILogger logger, int partition);

    [LoggerMessage(3020, LogLevel.Information, "Node {Address} joins as {Role} for {Partitions} partitions")]
    public static partial void NodeJoins(ILogger logger, string address, string role, int partitions);

    [LoggerMessage(3021, LogLevel.Information, "Node {Address} ended: {End}")]
    public static partial void NodeEnded(ILogger logger, string address, string end);

    [LoggerMessage(3022, LogLevel.Critical, "The shard region of this node stopped by itself; the node leaves and must be started again")]
    public static partial void RegionLost(ILogger logger);

    [LoggerMessage(3023, LogLevel.Critical, "Member {Address} shut this node out; it ends and must be started again")]
    public static partial void ShutOut(ILogger logger, string address);

    [LoggerMessage(3024, LogLevel.Warning, "Shards were still closing {Seconds} s after the node ended")]
    public static partial void ShardsStillClosing(ILogger logger, double seconds);

    [LoggerMessage(3025, LogLevel.Warning, "The cluster has two members: a split, or the crash of the one with the lower address, stops both. Add a witness")]
    public static partial void TwoMembers(ILogger logger);

    [LoggerMessage(3030, LogLevel.Error, "Placement could not be looked at; shards stay where they are")]
    public static partial void RebalanceFailed(ILogger logger, Exception error);

    [LoggerMessage(3031, LogLevel.Information, "Placement: {Shards} of {Partitions} shards move")]
    public static partial void Rebalancing(ILogger logger, int shards, int partitions);

    [LoggerMessage(EventId = 3090, Message = "{Source}: {Text}")]
    public static partial void Framework(ILogger logger, LogLevel level, Exception? error, string source, string text);
}
