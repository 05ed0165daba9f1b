using System.Buffers;
using System.Text;

namespace Streaming.Core.Decode;

/// <summary>
/// The one form of an id (docs/dead-letters.md, shape 36): white space at both ends and invisible code points are dropped, the rest is in Normalisation Form C. Letter case is
/// kept: ids that differ by case are different ids. Control characters, line separators, an empty id and one beyond the limit are refused. Not thread-safe: its room is reused.
/// </summary>
internal sealed class CanonicalId(int maxBytes)
{
    // An id may shrink on its way to its form; beyond twice the limit it is refused unread, which bounds the work.
    private readonly int _maxRawBytes = maxBytes * 2;
    private readonly int[] _points = new int[maxBytes * 2 * 4];

    /// <summary>Appends the canonical id, behind a prefix, to the batch's text.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="prefix">Put in front, e.g. <c>u:</c>.</param>
    /// <param name="into">Receives the text.</param>
    /// <param name="range">Where it lies, prefix included.</param>
    /// <returns>False where the id is refused; nothing is appended then.</returns>
    public bool TryAppend(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> prefix, DecodedBatch into, out TextRange range)
    {
        range = default;
        if (utf8.IsEmpty || utf8.Length > _maxRawBytes) return false;
        if (PlainText.Length(utf8, escapesEnd: false) == utf8.Length && utf8[0] != ' ' && utf8[^1] != ' ')
        {
            if (utf8.Length > maxBytes) return false;
            var place = into.Reserve(prefix.Length + utf8.Length);
            prefix.CopyTo(place);
            utf8.CopyTo(place[prefix.Length..]);
            range = into.Commit(prefix.Length + utf8.Length);
            return true;
        }

        var count = Visible(utf8);
        if (count <= 0) return false;
        count = Nfc.Normalise(_points, count);
        return TryEncode(_points.AsSpan(0, count), prefix, into, out range);
    }

    /// <summary>Fills the room with the visible code points, trimmed; −1 where one is refused.</summary>
    private int Visible(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        var end = 0;
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out var rune, out var used) != OperationStatus.Done) return -1;
            utf8 = utf8[used..];
            if (IsInvisible(rune.Value)) continue;
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029) return -1;
            var blank = Rune.IsWhiteSpace(rune);
            if (blank && count == 0) continue;
            _points[count++] = rune.Value;
            if (!blank) end = count;
        }

        return end;
    }

    private bool TryEncode(ReadOnlySpan<int> points, ReadOnlySpan<byte> prefix, DecodedBatch into, out TextRange range)
    {
        range = default;
        var place = into.Reserve(prefix.Length + (points.Length * 4));
        prefix.CopyTo(place);
        var used = prefix.Length;
        foreach (var point in points) used += new Rune(point).EncodeToUtf8(place[used..]);
        if (used - prefix.Length > maxBytes) return false;
        range = into.Commit(used);
        return true;
    }

    /// <summary>Soft hyphen, zero-width and joiner characters, direction marks and overrides, the byte-order mark: not to be seen, so never what tells two ids apart.</summary>
    private static bool IsInvisible(int point) =>
        point is 0xAD or 0x61C or 0x180E or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2064) or (>= 0x2066 and <= 0x206F) or 0xFEFF;
}
