using Streaming.Core.Events;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Equality of keys by their bytes.</summary>
internal sealed class ByteComparer : IEqualityComparer<byte[]>
{
    public static readonly ByteComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] bytes) => (int)Hash64.Of(bytes);
}
