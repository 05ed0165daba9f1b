using Streaming.Core.Errors;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Configuration asks for Cassandra and this build has no driver for it.</summary>
public sealed class CassandraDriverMissingException()
    : EngineException("this build has no Cassandra driver. Build it with -p:CassandraDriver=true (the container image and the releases are built so), or set Store:Location to sqlite:FOLDER.")
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}
