using System.Buffers.Binary;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>Encodes a record's headers as <see cref="Core.Shard.SourceRecord.HeadersStart"/> defines. Almost no record has any.</summary>
internal static unsafe class RecordHeaders
{
    private const int MaxNameBytes = ushort.MaxValue;

    /// <summary>Encoded headers in a reused buffer; empty where there are none. Valid until the next call with that buffer.</summary>
    public static ReadOnlySpan<byte> Encode(RdMessage* message, ref byte[] buffer)
    {
        nint headers;
        if (Rd.MessageHeaders(message, &headers) != RdError.None) return default;
        var used = 0;
        byte* name;
        byte* value;
        nuint size;
        for (nuint i = 0; Rd.HeaderGet(headers, i, &name, &value, &size) == RdError.None; i++)
        {
            var nameBytes = new ReadOnlySpan<byte>(name, Math.Min(MaxNameBytes, Length(name)));
            var valueBytes = value is null ? default : new ReadOnlySpan<byte>(value, checked((int)size));
            var need = used + 2 + nameBytes.Length + 4 + valueBytes.Length;
            if (need > buffer.Length) Array.Resize(ref buffer, Math.Max(need, buffer.Length * 2));
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(used), (ushort)nameBytes.Length);
            nameBytes.CopyTo(buffer.AsSpan(used + 2));
            used += 2 + nameBytes.Length;
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(used), value is null ? -1 : valueBytes.Length);
            valueBytes.CopyTo(buffer.AsSpan(used + 4));
            used += 4 + valueBytes.Length;
        }

        return buffer.AsSpan(0, used);
    }

    private static int Length(byte* text)
    {
        var length = 0;
        while (text[length] != 0) length++;
        return length;
    }
}
