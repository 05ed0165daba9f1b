using System.Buffers.Binary;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Audit;

/// <summary>The one number of the shard's row R that the audit needs: the sequence of the last batch below it. Layout: magic 0x52, version, sequence (signed varint), …, CRC-32C.</summary>
internal static class ShardRowMark
{
    private const byte Magic = 0x52;
    private const byte Version = 3;

    /// <summary>Sequence of a shard row.</summary>
    /// <exception cref="CorruptRowException">Not a shard row, damaged, or newer than this program.</exception>
    public static long Sequence(ReadOnlySpan<byte> row)
    {
        if (row.Length < 14 || row[0] != Magic) throw new CorruptRowException("not a shard row");
        if (row[1] > Version) throw new CorruptRowException($"the shard row has version {row[1]}; this program reads up to {Version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(row[^4..]) != Crc32C.Of(row[..^4])) throw new CorruptRowException("the shard row's checksum does not match");
        return new RowReader(row[2..]).Signed();
    }
}
