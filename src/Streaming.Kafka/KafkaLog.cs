using Microsoft.Extensions.Logging;

namespace Streaming.Kafka;

/// <summary>Log lines of this project, ids 2000-2099.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(EventId = 2000, Message = "Kafka client {Role}: {Facility}: {Text}")]
    public static partial void Client(ILogger logger, LogLevel level, string role, string facility, string text);

    [LoggerMessage(2001, LogLevel.Information, "Ingest: partition {Partition}: transactions initialised as {TransactionalId} in {Milliseconds} ms")]
    public static partial void Initialised(ILogger logger, int partition, string transactionalId, long milliseconds);

    [LoggerMessage(2002, LogLevel.Warning, "Emit: partition {Partition}: transaction aborted: {Reason}")]
    public static partial void Aborted(ILogger logger, int partition, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "Emit: partition {Partition}: the open transaction could not be aborted on closing; the next owner settles it: {Reason}")]
    public static partial void AbortOnCloseFailed(ILogger logger, int partition, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "Ingest: no broker reachable for {Role}")]
    public static partial void BrokersDown(ILogger logger, string role);

    [LoggerMessage(2005, LogLevel.Information, "Ingest: brokers reachable again for {Role}")]
    public static partial void BrokersUp(ILogger logger, string role);

    [LoggerMessage(2006, LogLevel.Information, "Topic {Topic} created with {Partitions} partitions")]
    public static partial void TopicCreated(ILogger logger, string topic, int partitions);

    [LoggerMessage(2007, LogLevel.Warning, "Topology: {Warning}")]
    public static partial void Topology(ILogger logger, string warning);

    [LoggerMessage(2008, LogLevel.Warning, "Ingest: the client {Role} lost its way, a fresh one takes its place")]
    public static partial void ClientReplaced(ILogger logger, string role);

    [LoggerMessage(2009, LogLevel.Error, "Ingest: a record of partition {Partition} came past its reader in client {Role}; nothing is lost, shards take over again with a fresh client")]
    public static partial void Misrouted(ILogger logger, string role, int partition);

    [LoggerMessage(2010, LogLevel.Error, "Ingest: client {Role} gives nothing of {Topic} [{Partition}] from offset {Offset} on, although there are records; nothing is lost, a fresh client takes its place")]
    public static partial void Stalled(ILogger logger, string role, string topic, int partition, long offset);

    [LoggerMessage(2011, LogLevel.Error, "Emit: partition {Partition}: the client of {TransactionalId} does not return from sending offsets; it is given up with its threads, and the shard takes over again with a fresh one")]
    public static partial void GivenUp(ILogger logger, int partition, string transactionalId);

    [LoggerMessage(2012, LogLevel.Critical, "Topology: {Change} Every shard of this node stands until that is mended")]
    public static partial void TopologyChanged(ILogger logger, string change);

    [LoggerMessage(2013, LogLevel.Warning, "Kafka client {Role}: no broker answers, or none knows a leader; it is told the bootstrap addresses again, in case it has forgotten every broker")]
    public static partial void BrokersForgotten(ILogger logger, string role);

    [LoggerMessage(2014, LogLevel.Warning, "Ingest: client {Role} was asked {Times} times in vain for the end of {Topic} [{Partition}]; a fresh one takes its place as soon as one is answered")]
    public static partial void Unanswered(ILogger logger, string role, string topic, int partition, int times);
}
