using Streaming.Core.Errors;

namespace Streaming.Onnx;

/// <summary>Fields of one protobuf message, one after another; every read is bounds-checked.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The next field.</summary>
    /// <param name="field">Its number.</param>
    /// <param name="payload">Its bytes where it is length-delimited, else empty.</param>
    /// <returns>False at the end.</returns>
    public bool Next(out int field, out ReadOnlySpan<byte> payload)
    {
        field = 0;
        payload = default;
        if (_rest.IsEmpty) return false;
        var tag = Varint();
        field = (int)Math.Min(tag >> 3, int.MaxValue);
        switch (tag & 7)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                payload = Take(Varint());
                break;
            case 5:
                Take(4);
                break;
            default:
                throw NotAModel();
        }

        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw NotAModel();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw NotAModel();
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private static ModelRefusedException NotAModel() => new("the file is not an ONNX model: its protobuf fields cannot be read");
}
