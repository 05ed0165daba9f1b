using System.Text.Unicode;
using Streaming.Contracts;

namespace Streaming.Core.Decode;

/// <summary>What can be said of a value's bytes before, or beside, its syntax.</summary>
internal static class TextForm
{
    /// <summary>Takes a UTF-8 byte-order mark off (by decision: harmless, and some producers write it), and tells text that may be JSON from what cannot be.</summary>
    public static DeadLetterReason Check(ref ReadOnlySpan<byte> value)
    {
        if (value.StartsWith("\uFEFF"u8)) value = value[3..];
        if (LooksForeign(value)) return DeadLetterReason.NotUtf8Json;
        if (Utf8.IsValid(value)) return DeadLetterReason.None;
        return value[0] is (byte)'{' or (byte)'[' or (byte)'"' ? DeadLetterReason.InvalidText : DeadLetterReason.NotUtf8Json;
    }

    /// <summary>True where the text opens more levels than allowed, whatever else is wrong with it.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> value, int maxDepth)
    {
        var depth = 0;
        var inString = false;
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            if (inString)
            {
                if (b == (byte)'\\') i++;
                inString = b != (byte)'"';
            }
            else if (b == (byte)'"')
            {
                inString = true;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                if (++depth > maxDepth) return true;
            }
            else if (b is (byte)'}' or (byte)']')
            {
                depth--;
            }
        }

        return false;
    }

    /// <summary>True where an escape sequence of a well-formed JSON string is half of a surrogate pair without the other.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> escaped)
    {
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != (byte)'\\') continue;
            if (escaped[++i] != (byte)'u') continue;
            var unit = Hex(escaped.Slice(i + 1, 4));
            i += 4;
            if (unit is < 0xD800 or > 0xDFFF) continue;
            if (unit >= 0xDC00) return true;
            var low = escaped[(i + 1)..];
            if (low.Length < 6 || low[0] != (byte)'\\' || low[1] != (byte)'u' || Hex(low.Slice(2, 4)) is < 0xDC00 or > 0xDFFF) return true;
            i += 6;
        }

        return false;
    }

    /// <summary>UTF-16 and UTF-32, gzip, zstd, a schema registry's magic byte, and markup: another serialisation than ours.</summary>
    private static bool LooksForeign(ReadOnlySpan<byte> value) =>
        value is [0, ..] or [_, 0, ..] or [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..] or [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [(byte)'<', ..];

    private static int Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var b in digits) value = (value << 4) | (char.IsAsciiDigit((char)b) ? b - '0' : (b | 0x20) - 'a' + 10);
        return value;
    }
}
