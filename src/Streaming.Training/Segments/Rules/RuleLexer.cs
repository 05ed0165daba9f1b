using System.Globalization;
using System.Text;

namespace Streaming.Training.Segments.Rules;

/// <summary>Splits a rule into tokens. Letters are those of ASCII outside quotes; a no-break space or a letter that only looks like another is named by its code.</summary>
internal sealed class RuleLexer
{
    private static readonly string[] Words = ["and", "or", "not", "in", "between"];
    private static readonly (string Written, string Canonical)[] Symbols =
    [
        ("<=", "<="), (">=", ">="), ("!=", "!="), ("≤", "<="), ("≥", ">="), ("≠", "!="), ("<", "<"), (">", ">"), ("=", "="),
        ("(", "("), (")", ")"), (",", ","), ("+", "+"), ("-", "-"), ("−", "-"), ("*", "*"), ("×", "*"), ("/", "/"), ("÷", "/"),
    ];

    private readonly string _text;
    private int _at;

    private RuleLexer(string text) => _text = text;

    /// <summary>The tokens, the last of them <see cref="RuleTokenKind.End"/>.</summary>
    /// <exception cref="RuleException">What is no token, or more than <see cref="Rule.MaxLength"/> characters.</exception>
    public static IReadOnlyList<RuleToken> Read(string text)
    {
        if (text.Length > Rule.MaxLength) throw new RuleException(Rule.MaxLength + 1, $"a rule has at most {Rule.MaxLength} characters, not {text.Length}");
        var lexer = new RuleLexer(text);
        var tokens = new List<RuleToken>();
        do tokens.Add(lexer.Next());
        while (tokens[^1].Kind != RuleTokenKind.End);
        return tokens;
    }

    /// <summary>True for a letter, then letters and digits.</summary>
    public static bool IsName(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>True for a word of the language.</summary>
    public static bool IsWord(string text) => Words.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>A text for a message: short, and without characters that a terminal acts on.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes().Take(40))
        {
            var isPlain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            shown.Append(isPlain ? rune.ToString() : Code(rune));
        }

        return shown.Append(text.EnumerateRunes().Skip(40).Any() ? "…\"" : "\"").ToString();
    }

    private static string Code(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    private int Column(int at) => 1 + _text.AsSpan(0, at).ToArray().Count(c => !char.IsLowSurrogate(c));

    private RuleToken Next()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n') _at++;
        if (_at == _text.Length) return new RuleToken(RuleTokenKind.End, "", 0, Column(_at));
        var (start, first) = (_at, _text[_at]);
        if (char.IsAsciiLetter(first))
        {
            var name = Take(char.IsAsciiLetterOrDigit);
            return IsWord(name) ? new RuleToken(RuleTokenKind.Word, name.ToLowerInvariant(), 0, Column(start)) : new RuleToken(RuleTokenKind.Name, name, 0, Column(start));
        }

        if (char.IsAsciiDigit(first)) return Number();
        if (first is '"' or '\'') return Text(first);
        foreach (var (written, canonical) in Symbols)
        {
            if (string.CompareOrdinal(_text, _at, written, 0, written.Length) != 0) continue;
            _at += written.Length;
            if (canonical == "=" && _at < _text.Length && _text[_at] == '=') throw new RuleException(Column(start), "equal is written =, not ==");
            return new RuleToken(RuleTokenKind.Symbol, canonical, 0, Column(start));
        }

        var rune = Rune.TryGetRuneAt(_text, _at, out var found) ? found : Rune.ReplacementChar;
        throw new RuleException(Column(start), $"{(rune.IsAscii && !Rune.IsControl(rune) ? Shown(rune.ToString()) : $"the character {Code(rune)}")} is no part of a rule");
    }

    private RuleToken Number()
    {
        var start = _at;
        Take(char.IsAsciiDigit);
        if (_at + 1 < _text.Length && _text[_at] == '.' && char.IsAsciiDigit(_text[_at + 1]))
        {
            _at++;
            Take(char.IsAsciiDigit);
        }

        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            var sign = _at + 1 < _text.Length && _text[_at + 1] is '+' or '-' ? 1 : 0;
            if (_at + 1 + sign < _text.Length && char.IsAsciiDigit(_text[_at + 1 + sign]))
            {
                _at += 1 + sign;
                Take(char.IsAsciiDigit);
            }
        }

        var written = _text[start.._at];
        if (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '_' or '%')) throw new RuleException(Column(_at), $"expected an operator after the number {Shown(written)}, found {Shown(_text[_at].ToString())}");
        var value = double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? new RuleToken(RuleTokenKind.Number, written, value, Column(start)) : throw new RuleException(Column(start), $"the number {Shown(written)} is too large");
    }

    private RuleToken Text(char quote)
    {
        var start = _at++;
        var content = new StringBuilder();
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == quote)
            {
                _at++;
                if (_at == _text.Length || _text[_at] != quote) return new RuleToken(RuleTokenKind.Text, content.ToString(), 0, Column(start));
            }
            else if (char.IsControl(c) || (char.IsLowSurrogate(c) ? !char.IsHighSurrogate(_text[_at - 1]) : !Rune.TryGetRuneAt(_text, _at, out _)))
            {
                throw new RuleException(Column(_at), $"the character U+{(int)c:X4} cannot stand in a text");
            }

            content.Append(c);
        }

        throw new RuleException(Column(start), $"the text that begins here has no closing {quote}");
    }

    private string Take(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < _text.Length && belongs(_text[_at])) _at++;
        return _text[start.._at];
    }
}
