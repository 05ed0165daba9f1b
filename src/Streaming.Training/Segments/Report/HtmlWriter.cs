using System.Globalization;
using System.Text;

namespace Streaming.Training.Segments.Report;

/// <summary>Writes HTML that is well-formed XML too. Every text and attribute goes through it, and so is escaped.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new("<!DOCTYPE html>\n");
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; null attributes are left out.</summary>
    public HtmlWriter Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(tag, attributes);
        _html.Append('>');
        _open.Push(tag);
        return this;
    }

    /// <summary>Closes the innermost element.</summary>
    public HtmlWriter Close(int elements = 1)
    {
        for (var i = 0; i < elements; i++)
        {
            var tag = _open.Pop();
            _html.Append("</").Append(tag).Append('>');
            if (tag is not ("span" or "code" or "bdi" or "th" or "td" or "text" or "strong" or "a")) _html.Append('\n');
        }

        return this;
    }

    /// <summary>An element without content.</summary>
    public HtmlWriter Empty(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(tag, attributes);
        _html.Append("/>\n");
        return this;
    }

    /// <summary>An element with text.</summary>
    public HtmlWriter Element(string tag, string text, params ReadOnlySpan<(string Name, string? Value)> attributes) => Open(tag, attributes).Text(text).Close();

    /// <summary>Text.</summary>
    public HtmlWriter Text(string text)
    {
        Escape(text);
        return this;
    }

    /// <summary>Text from outside: its direction of writing stays its own.</summary>
    public HtmlWriter Foreign(string text) => Element("bdi", text);

    /// <summary>The program's own style sheet, which holds no angle bracket and no ampersand.</summary>
    public HtmlWriter Style(string css)
    {
        if (css.AsSpan().IndexOfAny("<>&") >= 0) throw new ArgumentException("a style sheet must not need escaping", nameof(css));
        _html.Append("<style>").Append(css).Append("</style>\n");
        return this;
    }

    /// <summary>The document.</summary>
    /// <exception cref="InvalidOperationException">An element is open.</exception>
    public byte[] Bytes() => _open.Count == 0 ? Encoding.UTF8.GetBytes(_html.ToString()) : throw new InvalidOperationException($"{_open.Peek()} is open");

    /// <summary>A coordinate.</summary>
    public static string At(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A text without what XML or JSON cannot hold: tabs and ends of lines become blanks, other control characters and half surrogates U+FFFD.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.Value is '\t' or '\n' or '\r' ? " " : Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }

    private void Tag(string tag, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is null) continue;
            _html.Append(' ').Append(name).Append("=\"");
            Escape(value);
            _html.Append('"');
        }
    }

    private void Escape(string text)
    {
        foreach (var c in Clean(text))
        {
            _ = c switch
            {
                '&' => _html.Append("&amp;"),
                '<' => _html.Append("&lt;"),
                '>' => _html.Append("&gt;"),
                '"' => _html.Append("&quot;"),
                '\'' => _html.Append("&#39;"),
                _ => _html.Append(c),
            };
        }
    }
}
