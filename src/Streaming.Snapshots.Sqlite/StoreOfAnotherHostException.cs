using Streaming.Core.Errors;

namespace Streaming.Snapshots.Sqlite;

/// <summary>The folder belongs to another host (design rule: SQLite serves one host).</summary>
public sealed class StoreOfAnotherHostException : EngineException
{
    internal StoreOfAnotherHostException(string folder, string owner, string hostId) : base(
        $"the SQLite store '{folder}' belongs to host '{owner}' and this is '{hostId}'. SQLite serves the processes of one host: for members on several hosts use Cassandra "
        + $"(Store:Location = cassandra:HOST:PORT). If this is the same disk under a new host name, set Sqlite:HostId to '{owner}' or delete the file '{HostMarker.FileName}' in that folder.")
    {
    }

    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}
