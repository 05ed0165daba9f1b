using System.Text;
using Streaming.Core.Decode;

namespace Streaming.Host.Audit.Reference;

/// <summary>The one form of an id (docs/dead-letters.md): no white space at the ends, no invisible code points, Normalisation Form C. Null where it is no id.</summary>
internal static class RefId
{
    /// <summary>The id's form.</summary>
    public static string? Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.All(c => c is > ' ' and < '\u007f')) return text;
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsInvisible(rune.Value)) continue;
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029) return null;
            visible.Append(rune.ToString());
        }

        var trimmed = visible.ToString().Trim();
        return trimmed.Length == 0 ? null : Composed(trimmed);
    }

    // The runtime's own normalisation changes nothing here: the program runs without a globalisation library.
    private static string Composed(string text)
    {
        var runes = text.EnumerateRunes().Select(rune => rune.Value).ToArray();
        var room = new int[runes.Length * 4];
        runes.CopyTo(room, 0);
        var count = Nfc.Normalise(room, runes.Length);
        return string.Concat(room.Take(count).Select(point => new Rune(point).ToString()));
    }

    private static bool IsInvisible(int point) =>
        point is 0xAD or 0x61C or 0x180E or 0xFEFF or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2064) or (>= 0x2066 and <= 0x206F);
}
