using Streaming.Snapshots.Cassandra;

namespace Streaming.Host.Settings;

/// <summary>A store address, taken apart.</summary>
/// <param name="IsCassandra">Cassandra; else SQLite.</param>
/// <param name="Folder">SQLite: folder.</param>
/// <param name="ContactPoints">Cassandra: nodes to ask first, HOST:PORT, separated by commas.</param>
internal readonly record struct StoreLocation(bool IsCassandra, string Folder, string ContactPoints)
{
    /// <summary>Reads <c>sqlite:DIR</c> or <c>cassandra:HOST[:PORT][,HOST[:PORT]…]</c>.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public static string? TryParse(string text, out StoreLocation location)
    {
        location = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (scheme, rest) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        switch (scheme.ToLowerInvariant())
        {
            case "sqlite" when rest.Length > 0:
                location = new StoreLocation(false, rest, "");
                return null;
            case "cassandra" when rest.Length > 0:
                if (new CassandraOptions { ContactPoints = rest }.Validate().Any()) break;
                location = new StoreLocation(true, "", rest);
                return null;
        }

        return $"must be sqlite:FOLDER or cassandra:HOST:PORT, not '{Redaction.Text(text)}'.";
    }
}
