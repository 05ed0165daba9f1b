using Microsoft.Extensions.Logging;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Messages of the Cassandra store: ids 7000 to 7099.</summary>
internal static partial class CassandraLog
{
    [LoggerMessage(7000, LogLevel.Information, "Snapshot: connected to Cassandra cluster {Cluster}, data centre {Datacenter}, {Nodes} nodes")]
    public static partial void Connected(ILogger logger, string cluster, string datacenter, int nodes);

    [LoggerMessage(7001, LogLevel.Warning, "Snapshot: keyspace {Keyspace} is created with {Copies} copies in data centre {Datacenter}; below 3 the loss of a node stops or loses writes")]
    public static partial void FewCopies(ILogger logger, string keyspace, int copies, string datacenter);

    [LoggerMessage(7002, LogLevel.Debug, "Snapshot: Cassandra request failed, attempt {Attempt} of {Attempts} follows in {Milliseconds} ms: {Reason}")]
    public static partial void Retrying(ILogger logger, int attempt, int attempts, double milliseconds, string reason);

    [LoggerMessage(7003, LogLevel.Warning, "Snapshot: Cassandra is away, {Attempts} attempts failed; told once until it answers again: {Reason}")]
    public static partial void GaveUp(ILogger logger, int attempts, string reason);

    [LoggerMessage(7004, LogLevel.Information, "Snapshot: Cassandra answers again")]
    public static partial void Back(ILogger logger);
}
