using System.Text;
using Streaming.Core.Decode;

namespace Streaming.Training.Sentiment;

/// <summary>
/// The one form of a text: cut, compatibility forms folded, Normalisation Form C (tables of our own, docs/decisions/0006: without a globalisation library the framework's <c>Normalize</c> changes nothing), lower case, one blank
/// between what blanks part. Folded, of what NFKC folds: full and half widths of ASCII, blanks of all kinds, Latin ligatures, the ellipsis, superscript, circled and Roman numerals; beyond NFKC: typographic quotes, as shops' forms mix them
/// with plain ones. Not thread-safe: its room is reused.
/// </summary>
internal sealed class ReviewText
{
    /// <summary>Longest text taken, UTF-16 units; what is behind is cut off. A review of 1,000 words is shorter.</summary>
    public const int MaxLength = 5000;

    private const int MaxGrowth = 4; // no canonical decomposition is longer; no fold below either
    private const string Ligatures = "ff fi fl ffi ffl st st";
    private const string Romans = "i ii iii iv v vi vii viii ix x xi xii";
    private static readonly string[] LigatureTexts = Ligatures.Split(' ');
    private static readonly string[] RomanTexts = Romans.Split(' ');
    private readonly List<int> _folded = [];
    private int[] _points = [];

    /// <summary>The text in its form; empty where nothing can be seen.</summary>
    public string Normalise(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] : text;
        _folded.Clear();
        foreach (var rune in cut.EnumerateRunes()) Fold(rune.Value);
        if (_points.Length < _folded.Count * MaxGrowth) _points = new int[_folded.Count * MaxGrowth];
        _folded.CopyTo(_points);
        var count = Nfc.Normalise(_points, _folded.Count);
        var form = new StringBuilder(count);
        var blank = false;
        for (var i = 0; i < count; i++)
        {
            var rune = Rune.ToLowerInvariant(new Rune(_points[i]));
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                blank = true;
                continue;
            }

            if (blank && form.Length > 0) form.Append(' ');
            blank = false;
            form.Append(rune.ToString());
        }

        return form.ToString();
    }

    private void Fold(int point)
    {
        switch (point)
        {
            case >= 0xFF01 and <= 0xFF5E:
                _folded.Add(point - 0xFF01 + '!');
                break;
            case 0x3000 or 0xA0 or 0x202F or 0x205F or (>= 0x2000 and <= 0x200A):
                _folded.Add(' ');
                break;
            case 0xAD or 0xFEFF or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2064):
                break; // not to be seen
            case 0x2018 or 0x2019 or 0x201B or 0x2032:
                _folded.Add('\'');
                break;
            case 0x201C or 0x201D or 0x201F or 0x2033:
                _folded.Add('"');
                break;
            case 0x2026:
                Add("...");
                break;
            case >= 0xFB00 and <= 0xFB06:
                Add(LigatureTexts[point - 0xFB00]);
                break;
            case 0xB9 or 0xB2 or 0xB3:
                _folded.Add(point == 0xB9 ? '1' : point - 0xB2 + '2');
                break;
            case >= 0x2460 and <= 0x2468:
                _folded.Add(point - 0x2460 + '1');
                break;
            case >= 0x2160 and <= 0x216B:
                Add(RomanTexts[point - 0x2160]);
                break;
            case >= 0x2170 and <= 0x217B:
                Add(RomanTexts[point - 0x2170]);
                break;
            default:
                _folded.Add(point);
                break;
        }
    }

    private void Add(string text)
    {
        foreach (var c in text) _folded.Add(c);
    }
}
