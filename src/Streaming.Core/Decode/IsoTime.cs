namespace Streaming.Core.Decode;

/// <summary>ISO 8601 / RFC 3339 times with a zone, as ms since 1970: <c>2026-01-01T00:00:00[.fraction](Z|±hh:mm|±hhmm)</c>; a blank may stand for the T. Fractions are cut at milliseconds.</summary>
internal static class IsoTime
{
    /// <summary>Reads a time; false where it is none, has no zone, or names a day or second that does not exist (leap seconds included).</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ms)
    {
        ms = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':') return false;
        if (!Number(text[..4], out var year) || !Number(text.Slice(5, 2), out var month) || !Number(text.Slice(8, 2), out var day)) return false;
        if (!Number(text.Slice(11, 2), out var hour) || !Number(text.Slice(14, 2), out var minute) || !Number(text.Slice(17, 2), out var second)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DaysIn(year, month) || hour > 23 || minute > 59 || second > 59) return false;
        var rest = text[19..];
        if (!Fraction(ref rest, out var fractionMs) || !Zone(rest, out var zoneMinutes)) return false;
        var minutes = (((DaysSince1970(year, month, day) * 24) + hour) * 60) + minute - zoneMinutes;
        ms = (((minutes * 60) + second) * 1000) + fractionMs;
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, out int ms)
    {
        ms = 0;
        if (rest[0] != '.') return true;
        var digits = 0;
        while (digits + 1 < rest.Length && char.IsAsciiDigit((char)rest[digits + 1])) digits++;
        if (digits == 0) return false;
        for (var i = 0; i < 3; i++) ms = (ms * 10) + (i < digits ? rest[i + 1] - '0' : 0);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool Zone(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length == 1 && rest[0] == 'Z') return true;
        if (rest.Length is not (5 or 6) || rest[0] is not ((byte)'+' or (byte)'-') || (rest.Length == 6 && rest[3] != ':')) return false;
        if (!Number(rest.Slice(1, 2), out var hours) || !Number(rest[^2..], out var rem) || hours > 23 || rem > 59) return false;
        minutes = (hours * 60) + rem;
        if (rest[0] == '-') minutes = -minutes;
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var b in digits)
        {
            if (!char.IsAsciiDigit((char)b)) return false;
            value = (value * 10) + (b - '0');
        }

        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Days of the proleptic Gregorian calendar since 1970-01-01 (Howard Hinnant, days_from_civil).</summary>
    private static long DaysSince1970(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146097L) + dayOfEra - 719468;
    }
}
