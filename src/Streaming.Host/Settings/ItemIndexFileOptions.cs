namespace Streaming.Host.Settings;

/// <summary>The item index on this node's disk: a restart goes on from it instead of reading every session again. It may be deleted at any time.</summary>
internal sealed record ItemIndexFileOptions
{
    /// <summary>Folder of the file. Unset: the folder of a SQLite store, else <c>./streaming-data</c>. Nodes on one host may share it.</summary>
    public string? Folder { get; init; }
    /// <summary>Time between two saves, 0 (never saved nor loaded) or 1 s to 1 day. It is also saved when it has been read at the start, and at a drain.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (Folder is { } folder && string.IsNullOrWhiteSpace(folder)) yield return "Folder must not be blank.";
        if (SaveInterval != TimeSpan.Zero && (SaveInterval < TimeSpan.FromSeconds(1) || SaveInterval > TimeSpan.FromDays(1))) yield return $"SaveInterval must be 0 or 1 s to 1 day, not {SaveInterval}.";
    }
}
