using System.Buffers.Binary;
using System.Text;

namespace Streaming.Faults.Net;

/// <summary>Reads the fields of a request or response one after the other. From some version on each kind of request is "flexible": lengths are varints and tagged fields end each part.</summary>
internal ref struct KafkaFields
{
    private const int LengthBytes = 4;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _isFlexible;
    private int _at;

    private KafkaFields(ReadOnlySpan<byte> bytes, bool isFlexible, int at)
    {
        _bytes = bytes;
        _isFlexible = isFlexible;
        _at = at;
    }

    /// <summary>At the body of a request, behind its header (key, version, correlation, client id; in flexible versions tagged fields).</summary>
    public static KafkaFields OfRequest(ReadOnlySpan<byte> frame, bool isFlexible)
    {
        var fields = new KafkaFields(frame, isFlexible, LengthBytes + 2 + 2 + 4);
        // The client id has kept its old form in flexible versions.
        if (fields.Int16() is var length and > 0) fields.Skip(length);
        fields.SkipTags();
        return fields;
    }

    /// <summary>At the body of a response, behind its header (correlation; in flexible versions tagged fields).</summary>
    public static KafkaFields OfResponse(ReadOnlySpan<byte> frame, bool isFlexible)
    {
        var fields = new KafkaFields(frame, isFlexible, LengthBytes + 4);
        fields.SkipTags();
        return fields;
    }

    public byte Byte() => Take(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>A string that may be null.</summary>
    public string? Text()
    {
        // Flexible versions add one to the length, so that zero is null.
        var length = _isFlexible ? (int)UVarint() - 1 : Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    private void SkipTags()
    {
        if (!_isFlexible) return;
        for (var left = UVarint(); left > 0; left--)
        {
            _ = UVarint();
            Skip((int)UVarint());
        }
    }

    private uint UVarint()
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Byte();
            value |= (uint)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        throw new InvalidDataException("a varint of more than five bytes");
    }

    private void Skip(int count) => _ = Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _bytes.Length - _at) throw new InvalidDataException($"{count} bytes wanted at {_at} of a frame of {_bytes.Length}");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }
}
