using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Cassandra;

/// <summary>What the shards of one process share.</summary>
/// <param name="Options">Settings.</param>
/// <param name="Statements">Prepared statements.</param>
/// <param name="Requests">The way to the nodes.</param>
/// <param name="Meter">Measurements.</param>
internal sealed record CassandraContext(CassandraOptions Options, CassandraStatements Statements, CassandraRequests Requests, StoreMeter Meter);
