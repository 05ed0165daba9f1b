using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streaming.Core.Decode;

/// <summary>Scans for text that is what it looks like: printable ASCII.</summary>
internal static class PlainText
{
    /// <summary>Number of leading bytes 0x20 to 0x7E, ending also at a quote or backslash where <paramref name="escapesEnd"/>; sixteen at a time.</summary>
    public static int Length(ReadOnlySpan<byte> text, bool escapesEnd)
    {
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(text);
        for (; text.Length - i >= Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var v = Vector128.LoadUnsafe(ref first, (nuint)i);
            // As signed bytes everything from 0x80 on is negative, and so below 0x20 like the controls.
            var end = Vector128.LessThan(v.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte() | Vector128.Equals(v, Vector128.Create((byte)0x7F));
            if (escapesEnd) end |= Vector128.Equals(v, Vector128.Create((byte)'"')) | Vector128.Equals(v, Vector128.Create((byte)'\\'));
            var bits = end.ExtractMostSignificantBits();
            if (bits != 0) return i + BitOperations.TrailingZeroCount(bits);
        }

        for (; i < text.Length; i++)
        {
            var b = text[i];
            if (b is < 0x20 or > 0x7E || (escapesEnd && b is (byte)'"' or (byte)'\\')) return i;
        }

        return i;
    }
}
