using System.Net;

namespace Streaming.Host.Settings;

/// <summary>The node's HTTP server: /metrics, /health, /status, /users.</summary>
internal sealed record HttpOptions
{
    /// <summary>Address to listen on; only this machine by default, because /users answers with personal data. 0.0.0.0 or :: for all: then whoever asks from elsewhere is answered health and metrics, and the rest with <see cref="Token"/> alone.</summary>
    public string Bind { get; init; } = "127.0.0.1";
    /// <summary>Port, 0 to 65,535; 0 takes a free one.</summary>
    public int Port { get; init; } = 8080;
    /// <summary>Secret that requests from elsewhere show (Authorization: Bearer …), 32 to 256 characters; empty: only this machine is answered more than health and metrics. Give it as an environment variable.</summary>
    public string Token { get; init; } = "";
    /// <summary>Open connections at most, 1 to 10,000.</summary>
    public int MaxConnections { get; init; } = 100;
    /// <summary>How long a query to a shard may take, 10 ms to 1 min.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Without the token: a record would print it.</summary>
    public override string ToString() => $"{Bind}:{Port} connections={MaxConnections} query={QueryTimeout} token={(Token.Length == 0 ? "-" : Redaction.Mask)}";

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (!IPAddress.TryParse(Bind, out _)) yield return $"Bind must be an IP address, not '{Bind}'.";
        if (Port is < 0 or > 65535) yield return $"Port must be 0 to 65,535, not {Port}.";
        if (Token.Length is not 0 and (< 32 or > 256)) yield return $"Token must have 32 to 256 characters, not {Token.Length}.";
        if (MaxConnections is < 1 or > 10_000) yield return $"MaxConnections must be 1 to 10,000, not {MaxConnections}.";
        if (QueryTimeout < TimeSpan.FromMilliseconds(10) || QueryTimeout > TimeSpan.FromMinutes(1)) yield return $"QueryTimeout must be 10 ms to 1 min, not {QueryTimeout}.";
    }
}
