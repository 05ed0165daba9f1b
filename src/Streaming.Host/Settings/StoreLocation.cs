namespace Streaming.Host.Settings;

/// <summary>A store address, taken apart.</summary>
/// <param name="IsCassandra">Cassandra; else SQLite.</param>
/// <param name="Folder">SQLite: folder.</param>
/// <param name="Host">Cassandra: host.</param>
/// <param name="Port">Cassandra: port.</param>
internal readonly record struct StoreLocation(bool IsCassandra, string Folder, string Host, int Port)
{
    private const int CassandraPort = 9042;

    /// <summary>Reads <c>sqlite:DIR</c> or <c>cassandra:HOST[:PORT]</c>.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public static string? TryParse(string text, out StoreLocation location)
    {
        location = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (scheme, rest) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        switch (scheme.ToLowerInvariant())
        {
            case "sqlite" when rest.Length > 0:
                location = new StoreLocation(false, rest, "", 0);
                return null;
            case "cassandra" when rest.Length > 0:
                var last = rest.LastIndexOf(':');
                var (host, port) = last < 0 ? (rest, CassandraPort) : (rest[..last], int.TryParse(rest[(last + 1)..], out var p) ? p : 0);
                if (host.Length == 0 || port is < 1 or > 65535) break;
                location = new StoreLocation(true, "", host, port);
                return null;
        }

        return $"must be sqlite:FOLDER or cassandra:HOST:PORT, not '{Redaction.Text(text)}'.";
    }
}
