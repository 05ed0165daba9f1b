using Streaming.Snapshots.Cassandra;

namespace Streaming.Host.Settings;

/// <summary>The snapshot store.</summary>
internal sealed record StoreOptions
{
    /// <summary><c>sqlite:FOLDER</c> (one host) or <c>cassandra:HOST:PORT[,HOST:PORT…]</c> (any number of hosts).</summary>
    public string Location { get; init; } = "sqlite:./streaming-data";

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (StoreLocation.TryParse(Location, out var location) is { } error) yield return "Location " + error;
        else if (location.IsCassandra && !CassandraStoreFactory.IsAvailable) yield return "Location names Cassandra, and this build has no driver for it: build with -p:CassandraDriver=true, or use sqlite:FOLDER.";
    }
}
