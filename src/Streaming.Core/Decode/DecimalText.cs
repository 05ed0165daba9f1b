namespace Streaming.Core.Decode;

/// <summary>
/// JSON number text as a scaled integer, exactly: no binary floating point between the text and the result, so 0.1 + 0.2 money and 20 decimals round once, half to even.
/// </summary>
internal static class DecimalText
{
    // Exponents beyond this move any value of at most 64 KiB of digits out of range or to zero.
    private const int ExponentBound = 1_000_000;

    /// <summary>Value × 10^<paramref name="decimals"/>, rounded half to even.</summary>
    /// <param name="number">A number by the grammar of RFC 8259.</param>
    /// <param name="decimals">Decimal places to keep.</param>
    /// <param name="max">Greatest scaled magnitude, at most 10^18.</param>
    /// <param name="scaled">The scaled magnitude.</param>
    /// <param name="rounding">−1: rounded down, 0: exact, 1: rounded up.</param>
    /// <returns>False where the number is negative (−0 included) or above <paramref name="max"/>.</returns>
    public static bool TryScale(ReadOnlySpan<byte> number, int decimals, long max, out long scaled, out int rounding)
    {
        scaled = 0;
        rounding = 0;
        if (number[0] == (byte)'-') return false;
        var kept = (long)IntegerDigits(number) + Exponent(number) + decimals;
        var next = -1;
        var sticky = false;
        var index = 0L;
        if (kept < 0) next = 0;
        foreach (var b in number)
        {
            if (b == (byte)'.') continue;
            if (!char.IsAsciiDigit((char)b)) break;
            var digit = b - '0';
            if (index < kept)
            {
                if (scaled > max / 10) return false;
                scaled = (scaled * 10) + digit;
                if (scaled > max) return false;
            }
            else if (index == kept && next < 0)
            {
                next = digit;
            }
            else
            {
                sticky |= digit != 0;
            }

            index++;
        }

        for (; index < kept && scaled != 0; index++)
        {
            if (scaled > max / 10) return false;
            scaled *= 10;
        }

        return Round(ref scaled, Math.Max(next, 0), sticky, max, out rounding);
    }

    /// <summary>True where the text is a number by the grammar of RFC 8259.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var i = 0;
        if (i < text.Length && text[i] == (byte)'-') i++;
        var integer = Digits(text, i);
        if (integer == 0 || (integer > 1 && text[i] == (byte)'0')) return false;
        i += integer;
        if (i < text.Length && text[i] == (byte)'.')
        {
            var fraction = Digits(text, i + 1);
            if (fraction == 0) return false;
            i += 1 + fraction;
        }

        if (i < text.Length && (text[i] | 0x20) == 'e')
        {
            i++;
            if (i < text.Length && text[i] is (byte)'+' or (byte)'-') i++;
            var exponent = Digits(text, i);
            if (exponent == 0) return false;
            i += exponent;
        }

        return i == text.Length;
    }

    private static bool Round(ref long scaled, int next, bool sticky, long max, out int rounding)
    {
        rounding = 0;
        if (next == 0 && !sticky) return true;
        var up = next > 5 || (next == 5 && (sticky || (scaled & 1) == 1));
        rounding = up ? 1 : -1;
        if (!up) return true;
        if (scaled >= max) return false;
        scaled++;
        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text, int from)
    {
        var i = from;
        while (i < text.Length && char.IsAsciiDigit((char)text[i])) i++;
        return i - from;
    }

    private static int IntegerDigits(ReadOnlySpan<byte> number)
    {
        var i = 0;
        while (i < number.Length && char.IsAsciiDigit((char)number[i])) i++;
        return i;
    }

    private static int Exponent(ReadOnlySpan<byte> number)
    {
        var at = number.IndexOfAny((byte)'e', (byte)'E');
        if (at < 0) return 0;
        var negative = number[at + 1] == (byte)'-';
        var value = 0;
        foreach (var b in number[(at + 1)..])
        {
            if (char.IsAsciiDigit((char)b)) value = Math.Min(ExponentBound, (value * 10) + (b - '0'));
        }

        return negative ? -value : value;
    }
}
