using Streaming.Contracts;

namespace Streaming.Core.Decode;

/// <summary>
/// Reads the common record: one object, one level, known names, plain ASCII strings without escapes, plain numbers. Whatever else it meets it leaves to the strict parser, which
/// also gives every reason; a record that this one accepts the strict one accepts too, with an equal event (a property of the tests).
/// </summary>
internal sealed class FastEventParser(EventValues values)
{
    /// <summary>Reads a record; false where it is not of the common form, and event, draft and text must be reset.</summary>
    public bool TryParse(ReadOnlySpan<byte> value, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        if (value[0] != (byte)'{') return false;
        var rest = value[1..];
        while (true)
        {
            if (!TryName(ref rest, out var field) || !draft.TrySee(field)) return false;
            if (rest[0] == (byte)'"')
            {
                rest = rest[1..];
                var length = PlainText.Length(rest, escapesEnd: true);
                if (length == rest.Length || rest[length] != (byte)'"') return false;
                if (values.String(field, rest[..length], into, ref e, ref draft) != DeadLetterReason.None) return false;
                rest = rest[(length + 1)..];
            }
            else
            {
                var length = NumberLength(rest);
                if (length == 0 || values.Number(field, rest[..length], ref e, ref draft) != DeadLetterReason.None) return false;
                rest = rest[length..];
            }

            rest = SkipBlanks(rest);
            if (rest.IsEmpty) return false;
            if (rest[0] == (byte)'}') return rest.Length == 1 && e.SchemaVersion <= EventRules.CurrentVersion;
            if (rest[0] != (byte)',') return false;
            rest = rest[1..];
        }
    }

    /// <summary>A known name and its colon; leaves at least one byte.</summary>
    private static bool TryName(ref ReadOnlySpan<byte> rest, out EventField field)
    {
        field = EventField.Unknown;
        rest = SkipBlanks(rest);
        if (rest.IsEmpty || rest[0] != (byte)'"') return false;
        rest = rest[1..];
        var length = rest.IndexOf((byte)'"');
        if (length < 0) return false;
        field = EventFields.Find(rest[..length]);
        if (field == EventField.Unknown) return false;
        rest = SkipBlanks(rest[(length + 1)..]);
        if (rest.IsEmpty || rest[0] != (byte)':') return false;
        rest = SkipBlanks(rest[1..]);
        return !rest.IsEmpty;
    }

    private static ReadOnlySpan<byte> SkipBlanks(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty && rest[0] == (byte)' ') rest = rest[1..];
        return rest;
    }

    /// <summary>Bytes of a number without sign and exponent; 0 where there is none. What follows it is the caller's to check.</summary>
    private static int NumberLength(ReadOnlySpan<byte> rest)
    {
        var integer = 0;
        while (integer < rest.Length && char.IsAsciiDigit((char)rest[integer])) integer++;
        if (integer == 0 || (rest[0] == (byte)'0' && integer > 1)) return 0;
        if (integer == rest.Length || rest[integer] != (byte)'.') return integer;
        var end = integer + 1;
        while (end < rest.Length && char.IsAsciiDigit((char)rest[end])) end++;
        return end == integer + 1 ? 0 : end;
    }
}
