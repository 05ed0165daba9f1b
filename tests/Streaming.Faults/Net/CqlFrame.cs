using System.Buffers.Binary;

namespace Streaming.Faults.Net;

/// <summary>One frame of the CQL protocol, versions 3 and 4 (and what comes before a version is agreed on): version, flags, stream, opcode, length, body.</summary>
/// <param name="Bytes">All of it.</param>
internal readonly record struct CqlFrame(byte[] Bytes)
{
    /// <summary>Length of the head.</summary>
    public const int HeadBytes = 9;

    /// <summary>Operations.</summary>
    public const byte Error = 0x00, Query = 0x07, Result = 0x08, Prepare = 0x09, Execute = 0x0A, Batch = 0x0D;

    private const int MaxBodyBytes = 256 * 1024 * 1024;
    private const byte FromNode = 0x80;

    /// <summary>Which request of the connection it belongs to.</summary>
    public short Stream => BinaryPrimitives.ReadInt16BigEndian(Bytes.AsSpan(2));

    /// <summary>What it is.</summary>
    public byte OpCode => Bytes[4];

    /// <summary>Whether the body begins with something that only some frames have (a trace, a payload, warnings).</summary>
    public bool HasExtras => (Bytes[1] & 0x0F) != 0;

    /// <summary>Behind the head.</summary>
    public ReadOnlySpan<byte> Body => Bytes.AsSpan(HeadBytes);

    /// <summary>The next frame of a connection.</summary>
    public static async Task<CqlFrame> ReadAsync(Stream from, CancellationToken cancellation)
    {
        var head = new byte[HeadBytes];
        await from.ReadExactlyAsync(head, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
        if ((head[0] & ~FromNode) is < 3 or > 5 and < 0x40 || length is < 0 or > MaxBodyBytes) throw new IOException($"a frame of protocol {head[0] & ~FromNode} and {length} bytes");
        var bytes = new byte[HeadBytes + length];
        head.CopyTo(bytes, 0);
        await from.ReadExactlyAsync(bytes.AsMemory(HeadBytes), cancellation);
        return new CqlFrame(bytes);
    }

    /// <summary>A reply to this request.</summary>
    public CqlFrame Reply(byte opCode, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[HeadBytes + body.Length];
        bytes[0] = (byte)(Bytes[0] | FromNode);
        Bytes.AsSpan(2, 2).CopyTo(bytes.AsSpan(2));
        bytes[4] = opCode;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), body.Length);
        body.CopyTo(bytes.AsSpan(HeadBytes));
        return new CqlFrame(bytes);
    }
}
