namespace Streaming.Snapshots.Sqlite;

/// <summary>Settings of the embedded store: one SQLite file a shard, for the processes of one host (docs/decisions/0010).</summary>
public sealed record SqliteOptions
{
    /// <summary>Folder of the files; created where it is missing. Must be on a disk of this host, never on a network share.</summary>
    public string Folder { get; init; } = "streaming-data";

    /// <summary>
    /// Name of this host as the folder's marker keeps it. Empty: machine id and host name of the operating system. Set it where the host name
    /// changes although the disk stays, e.g. for a container that is created anew over the same volume.
    /// </summary>
    public string HostId { get; init; } = "";

    /// <summary>Durability of a commit: <c>normal</c> survives the death of the process (a power cut may take the last flushes, rows and R together), <c>full</c> also a power cut.</summary>
    public string Synchronous { get; init; } = "normal";

    /// <summary>Bytes of a page of a new file, a power of two from 4,096 to 65,536.</summary>
    public int PageBytes { get; init; } = 8192;

    /// <summary>Page cache of a shard's writing connection, MiB, 1 to 4,096. The reading connection takes a quarter.</summary>
    public int CacheMiB { get; init; } = 32;

    /// <summary>Size of the write-ahead log, MiB, 1 to 16,384, from which it is copied into the file after a flush was answered.</summary>
    public int CheckpointMiB { get; init; } = 64;

    /// <summary>How long a call waits for another process that holds the file, ms, 0 to 600,000.</summary>
    public int BusyTimeoutMs { get; init; } = 10_000;

    /// <summary>Calls of one shard that may wait, 1 to 10,000; one more is refused as unavailable.</summary>
    public int QueueCalls { get; init; } = 64;

    /// <summary>Rows read at once when all users are enumerated, 1 to 100,000.</summary>
    public int ScanRows { get; init; } = 512;

    /// <summary>Every error of these settings, with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return $"{nameof(Folder)} must not be empty";
        if (Synchronous is not ("normal" or "full")) yield return $"{nameof(Synchronous)} must be 'normal' or 'full', not '{Synchronous}'";
        if (PageBytes is < 4096 or > 65_536 || !int.IsPow2(PageBytes)) yield return $"{nameof(PageBytes)} must be a power of two from 4096 to 65536, not {PageBytes}";
        if (CacheMiB is < 1 or > 4096) yield return $"{nameof(CacheMiB)} must be 1 to 4096, not {CacheMiB}";
        if (CheckpointMiB is < 1 or > 16_384) yield return $"{nameof(CheckpointMiB)} must be 1 to 16384, not {CheckpointMiB}";
        if (BusyTimeoutMs is < 0 or > 600_000) yield return $"{nameof(BusyTimeoutMs)} must be 0 to 600000, not {BusyTimeoutMs}";
        if (QueueCalls is < 1 or > 10_000) yield return $"{nameof(QueueCalls)} must be 1 to 10000, not {QueueCalls}";
        if (ScanRows is < 1 or > 100_000) yield return $"{nameof(ScanRows)} must be 1 to 100000, not {ScanRows}";
    }
}
