namespace Streaming.Faults.Cases;

/// <summary>Snapshot stores.</summary>
internal enum StoreKind
{
    /// <summary>Files of this host.</summary>
    Sqlite,
    /// <summary>A real node.</summary>
    Cassandra,
}
