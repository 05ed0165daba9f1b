using System.Buffers.Binary;

namespace Streaming.Core.Shard;

/// <summary>Headers of a record as <see cref="SourceRecord.HeadersStart"/> encodes them.</summary>
internal static class EncodedHeaders
{
    /// <summary>Takes the next one off; false at the end, or where the encoding does not hold.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> headers, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool valueIsNull)
    {
        name = value = default;
        valueIsNull = false;
        if (headers.Length < 2) return false;
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(headers);
        if (headers.Length < 2 + nameLength + 4) return false;
        name = headers.Slice(2, nameLength);
        var valueLength = BinaryPrimitives.ReadInt32LittleEndian(headers[(2 + nameLength)..]);
        valueIsNull = valueLength < 0;
        headers = headers[(2 + nameLength + 4)..];
        if (valueIsNull) return true;
        if (valueLength > headers.Length) return false;
        value = headers[..valueLength];
        headers = headers[valueLength..];
        return true;
    }
}
