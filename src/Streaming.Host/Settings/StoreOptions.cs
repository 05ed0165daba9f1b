namespace Streaming.Host.Settings;

/// <summary>The snapshot store.</summary>
internal sealed record StoreOptions
{
    /// <summary><c>sqlite:FOLDER</c> (one host) or <c>cassandra:HOST:PORT</c> (any number of hosts).</summary>
    public string Location { get; init; } = "sqlite:./streaming-data";

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (StoreLocation.TryParse(Location, out _) is { } error) yield return "Location " + error;
    }
}
