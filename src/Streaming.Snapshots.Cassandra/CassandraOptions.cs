using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Settings of the store for any number of hosts (docs/decisions/0011).</summary>
public sealed partial record CassandraOptions
{
    /// <summary>Nodes to ask first, <c>HOST:PORT</c>, separated by commas; the port may be left out (9042). The others are found through them.</summary>
    public string ContactPoints { get; init; } = "localhost:9042";

    /// <summary>Keyspace: a small letter, then small letters, digits and underscores, at most 48.</summary>
    public string Keyspace { get; init; } = "streaming";

    /// <summary>Creates keyspace and tables where they are missing. Off: somebody else has created them.</summary>
    public bool CreateMissing { get; init; } = true;

    /// <summary>Copies of every row in a new keyspace, 0 to 9. 0: as many as the data centre has nodes, at most 3.</summary>
    public int ReplicationFactor { get; init; }

    /// <summary>Data centre that LOCAL_QUORUM means. Empty: that of the contact point that answers.</summary>
    public string LocalDatacenter { get; init; } = "";

    /// <summary>User name; empty: the cluster asks for none.</summary>
    public string Username { get; init; } = "";

    /// <summary>Password of the user. Never printed.</summary>
    public string Password { get; init; } = "";

    /// <summary>Encrypts and checks the node's certificate.</summary>
    public bool Tls { get; init; }

    /// <summary>File with the certificates (PEM) that sign the nodes' own. Empty: those that the operating system trusts.</summary>
    public string TlsCaFile { get; init; } = "";

    /// <summary>Name that every node's certificate must carry. Empty: the name that the node's address resolves back to.</summary>
    public string TlsServerName { get; init; } = "";

    /// <summary>Requests of this process in flight at once, 1 to 2,048.</summary>
    public int ConcurrentRequests { get; init; } = 64;

    /// <summary>Time for one request, ms, 100 to 120,000.</summary>
    public int RequestTimeoutMs { get; init; } = 5000;

    /// <summary>Times a request is sent before the store counts as unavailable, 1 to 20.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Pause before the second attempt, ms, 1 to 10,000; doubled for each further one, with jitter.</summary>
    public int BackoffMs { get; init; } = 50;

    /// <summary>Bytes of rows of one partition that are sent as one request, 0 to 4,194,304; 0 sends each row by itself.</summary>
    public int BatchBytes { get; init; } = 65_536;

    /// <summary>Every error of these settings, with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (Hosts().Any(h => h.Host.Length == 0 || h.Port is < 1 or > 65_535) || !Hosts().Any()) yield return $"{nameof(ContactPoints)} must be HOST:PORT, several separated by commas";
        if (Hosts().DistinctBy(h => h.Port).Count() > 1) yield return $"{nameof(ContactPoints)} must all have the same port";
        if (!KeyspaceName().IsMatch(Keyspace)) yield return $"{nameof(Keyspace)} must be a small letter, then at most 47 small letters, digits or underscores, not '{Keyspace}'";
        if (ReplicationFactor is < 0 or > 9) yield return $"{nameof(ReplicationFactor)} must be 0 to 9, not {ReplicationFactor}";
        if (LocalDatacenter.Contains('\'', StringComparison.Ordinal)) yield return $"{nameof(LocalDatacenter)} must not contain a quote";
        if (Username.Length == 0 != (Password.Length == 0)) yield return $"{nameof(Username)} and {nameof(Password)} must be set together";
        if (TlsCaFile.Length > 0 && !Tls) yield return $"{nameof(TlsCaFile)} is set but {nameof(Tls)} is off";
        if (TlsServerName.Length > 0 && !Tls) yield return $"{nameof(TlsServerName)} is set but {nameof(Tls)} is off";
        if (ConcurrentRequests is < 1 or > 2048) yield return $"{nameof(ConcurrentRequests)} must be 1 to 2048, not {ConcurrentRequests}";
        if (RequestTimeoutMs is < 100 or > 120_000) yield return $"{nameof(RequestTimeoutMs)} must be 100 to 120000, not {RequestTimeoutMs}";
        if (Attempts is < 1 or > 20) yield return $"{nameof(Attempts)} must be 1 to 20, not {Attempts}";
        if (BackoffMs is < 1 or > 10_000) yield return $"{nameof(BackoffMs)} must be 1 to 10000, not {BackoffMs}";
        if (BatchBytes is < 0 or > 4_194_304) yield return $"{nameof(BatchBytes)} must be 0 to 4194304, not {BatchBytes}";
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"cassandra:{ContactPoints}/{Keyspace}";

    /// <summary>The contact points apart; a port of 0 stands for one that is no number.</summary>
    internal IEnumerable<(string Host, int Port)> Hosts() =>
        ContactPoints.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Apart);

    private static (string Host, int Port) Apart(string point)
    {
        var colon = point.LastIndexOf(':');
        // More than one colon and no bracket at the end of the host: an IPv6 address without a port.
        if (colon < 0 || (point.IndexOf(':', StringComparison.Ordinal) != colon && point[colon - 1] != ']')) return (point.Trim('[', ']'), 9042);
        var port = int.TryParse(point.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return (point[..colon].Trim('[', ']'), port);
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,47}$")]
    private static partial Regex KeyspaceName();
}
