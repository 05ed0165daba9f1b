using Microsoft.Extensions.Logging;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Makes the Cassandra store, in builds that have the driver.</summary>
public static class CassandraStoreFactory
{
    /// <summary>True where this build has the driver (<c>-p:CassandraDriver=true</c>).</summary>
    public static bool IsAvailable =>
#if CASSANDRA_DRIVER
        true;
#else
        false;
#endif

    /// <summary>Makes the store; the network is used from <see cref="ISnapshotStore.PrepareAsync"/> on.</summary>
    /// <param name="options">Valid settings (<see cref="CassandraOptions.Validate"/>).</param>
    /// <param name="logger">Where retries, connections and warnings go; never a secret.</param>
    /// <exception cref="CassandraDriverMissingException">This build has no driver.</exception>
    /// <exception cref="ArgumentException">The settings are not valid; every error is named.</exception>
    public static ISnapshotStore Create(CassandraOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        var errors = string.Join("; ", options.Validate());
        if (errors.Length > 0) throw new ArgumentException(errors, nameof(options));
#if CASSANDRA_DRIVER
        return new CassandraSnapshotStore(options, logger);
#else
        throw new CassandraDriverMissingException();
#endif
    }
}
