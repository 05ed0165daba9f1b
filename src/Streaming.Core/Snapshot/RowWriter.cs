using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Core.Snapshot;

/// <summary>A growing buffer for rows: variable-length integers (LEB128, zig-zag where signed), raw floats, length-prefixed bytes; little endian.</summary>
public sealed class RowWriter(int capacity = 4096)
{
    private byte[] _bytes = new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Everything written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Everything written, for keeping; valid until the next write or reset.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Forgets from a length on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Hands the buffer over and starts a new one.</summary>
    public ReadOnlyMemory<byte> Detach(int nextCapacity)
    {
        var written = _bytes.AsMemory(0, Length);
        _bytes = new byte[nextCapacity];
        Length = 0;
        return written;
    }

    /// <summary>One byte.</summary>
    public void Byte(byte value) => Room(1)[0] = value;

    /// <summary>Unsigned.</summary>
    public void Unsigned(ulong value)
    {
        var room = Peek(10);
        var n = 0;
        while (value >= 0x80)
        {
            room[n++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[n++] = (byte)value;
        Length += n;
    }

    /// <summary>Signed.</summary>
    public void Signed(long value) => Unsigned(((ulong)value << 1) ^ (ulong)(value >> 63));

    /// <summary>Eight bytes.</summary>
    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);

    /// <summary>Four bytes.</summary>
    public void Fixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);

    /// <summary>Double, eight bytes.</summary>
    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);

    /// <summary>Floats, four bytes each.</summary>
    public void Floats(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).CopyTo(Room(values.Length * 4));

    /// <summary>Length and bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Unsigned((ulong)bytes.Length);
        bytes.CopyTo(Room(bytes.Length));
    }

    /// <summary>Length and UTF-8 bytes.</summary>
    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Unsigned((ulong)length);
        Encoding.UTF8.GetBytes(text, Room(length));
    }

    /// <summary>Bytes alone.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>Writes four bytes at a place written before.</summary>
    public void PatchFixed32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at), value);

    private Span<byte> Room(int bytes)
    {
        var room = Peek(bytes);
        Length += bytes;
        return room;
    }

    private Span<byte> Peek(int bytes)
    {
        if (Length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(Length + bytes, checked(_bytes.Length * 2)));
        return _bytes.AsSpan(Length, bytes);
    }
}
