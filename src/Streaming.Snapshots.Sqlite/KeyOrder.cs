namespace Streaming.Snapshots.Sqlite;

/// <summary>Keys by their bytes, as SQLite orders blobs.</summary>
internal sealed class KeyOrder : IComparer<byte[]>
{
    public static readonly KeyOrder Instance = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
