using System.Buffers.Binary;
using Streaming.Core.Errors;

namespace Streaming.Core.Snapshot;

/// <summary>The first bytes of a user row, and what must hold of a row before a field of it is believed.</summary>
internal static class UserRowHeader
{
    /// <summary>First byte.</summary>
    public const byte Magic = 0x55;

    /// <summary>Newest version that this program reads and writes.</summary>
    public const byte Version = 3;

    /// <summary>Bytes of magic, version and content length.</summary>
    public const int Length = 6;

    /// <summary>Refuses what is no row, is of a newer version, damaged or cut off.</summary>
    /// <exception cref="CorruptRowException">It is.</exception>
    public static void Check(ReadOnlySpan<byte> row)
    {
        if (row.Length < Length + 4 || row[0] != Magic) throw new CorruptRowException("not a user row");
        if (row[1] > Version) throw new CorruptRowException($"the row has version {row[1]}; this program reads up to {Version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(row[^4..]) != Crc32C.Of(row[..^4])) throw new CorruptRowException("the row's checksum does not match");
        if (BinaryPrimitives.ReadUInt32LittleEndian(row[2..]) > (uint)(row.Length - Length - 4)) throw new CorruptRowException("the row is cut off");
    }
}
