using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Streaming.Core.Errors;

namespace Streaming.Core.Snapshot;

/// <summary>Reads what <see cref="RowWriter"/> wrote. Every read is bounds-checked: bytes that are not a row end in <see cref="CorruptRowException"/>, never in a wrong profile.</summary>
public ref struct RowReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>Unsigned.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw new CorruptRowException("a stored number is too long");
    }

    /// <summary>Signed.</summary>
    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count, at most what is left could hold and at most a bound.</summary>
    public int Count(int max)
    {
        var count = Unsigned();
        if (count > (ulong)max || count > (ulong)_rest.Length) throw new CorruptRowException($"a stored list of {count} is longer than its bound of {max}");
        return (int)count;
    }

    /// <summary>A number that fits an int.</summary>
    public int Int()
    {
        var value = Signed();
        if (value is < int.MinValue or > int.MaxValue) throw new CorruptRowException("a stored number is out of range");
        return (int)value;
    }

    /// <summary>Eight bytes.</summary>
    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Four bytes.</summary>
    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Double.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Floats.</summary>
    public void Floats(scoped Span<float> into) => Take(into.Length * 4).CopyTo(MemoryMarshal.AsBytes(into));

    /// <summary>Length and bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Unsigned();
        return length > (ulong)_rest.Length ? throw new CorruptRowException("stored bytes are cut off") : Take((int)length);
    }

    /// <summary>Length and UTF-8 text.</summary>
    public string Text() => System.Text.Encoding.UTF8.GetString(Bytes());

    /// <summary>A number of raw bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new CorruptRowException("stored bytes are cut off");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
