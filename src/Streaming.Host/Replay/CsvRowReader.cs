namespace Streaming.Host.Replay;

/// <summary>
/// Comma-separated rows after RFC 4180: quoted fields may hold commas, doubled quotes and line breaks. Streaming, one reused buffer. A row whose quote is never closed, or
/// that is longer than the limit, costs its first line and nothing after it.
/// </summary>
internal sealed class CsvRowReader(TextReader reader, int maxRowChars)
{
    private readonly List<(int Start, int Length)> _fields = [];
    private char[] _window = new char[Math.Min(maxRowChars, 64 * 1024)];
    private char[] _text = new char[1024];
    private int _start, _end, _textUsed;
    private bool _ended;
    private long _nextLine = 1;

    /// <summary>Line on which the row begins, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Why the row cannot be read; null where it can.</summary>
    public string? Error { get; private set; }

    /// <summary>Number of fields.</summary>
    public int FieldCount => _fields.Count;

    /// <summary>A field, unquoted; valid until the next row.</summary>
    public ReadOnlySpan<char> this[int field] => _text.AsSpan(_fields[field].Start, _fields[field].Length);

    /// <summary>Moves to the next row that is not an empty line; false at the end. Look at <see cref="Error"/> first.</summary>
    public bool Read()
    {
        while (true)
        {
            Error = null;
            _fields.Clear();
            _textUsed = 0;
            LineNumber = _nextLine;
            var used = Parse();
            if (used == 0) return false;
            if (used < 0) used = RejectFirstLine();
            _nextLine += _window.AsSpan(_start, used).Count('\n');
            _start += used;
            if (Error is not null || _fields.Count > 1 || _fields[0].Length > 0) return true;
        }
    }

    /// <summary>Reads one row from the window's start into the fields. Returns its length in characters, 0 at the end of the input, -1 where it cannot be read.</summary>
    private int Parse()
    {
        var at = 0;
        while (true)
        {
            var first = Peek(at);
            if (first == -1 && at == 0) return 0;
            var start = _textUsed;
            if (first == '"')
            {
                at = Quoted(at + 1);
                if (at < 0) return -1;
            }

            int c;
            while ((c = Peek(at)) is not (-1 or ',' or '\n'))
            {
                if (c == -2) return Fail();
                Append((char)c);
                at++;
            }

            if (c != ',' && _textUsed > start && _text[_textUsed - 1] == '\r') _textUsed--;
            _fields.Add((start, _textUsed - start));
            if (c == -1) return at;
            at++;
            if (c == '\n') return at;
        }
    }

    /// <summary>Reads a quoted part from after its opening quote; returns the place after the closing one, or -1.</summary>
    private int Quoted(int at)
    {
        while (true)
        {
            var c = Peek(at);
            if (c == -2) return Fail();
            if (c == -1)
            {
                Error = "a quote is never closed";
                return -1;
            }

            at++;
            if (c == '"')
            {
                if (Peek(at) != '"') return at;
                at++;
            }

            Append((char)c);
        }
    }

    private int Fail()
    {
        Error = $"longer than {maxRowChars} characters (is a quote open?)";
        return -1;
    }

    private int RejectFirstLine()
    {
        for (var at = 0; ; at++)
        {
            var c = Peek(at);
            if (c == '\n') return at + 1;
            if (c == -1) return at;
            if (c != -2) continue;
            // One line longer than the limit: drop what is held and go on; the last character keeps the row non-empty.
            _start = _end - 1;
            at = 0;
        }
    }

    /// <summary>A character relative to the row's start; -1 at the end of the input, -2 past the limit.</summary>
    private int Peek(int at)
    {
        while (_start + at >= _end)
        {
            if (at >= maxRowChars) return -2;
            if (_ended) return -1;
            Fill();
        }

        return _window[_start + at];
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _window.AsSpan(_start, _end - _start).CopyTo(_window);
            _end -= _start;
            _start = 0;
        }

        if (_end == _window.Length) Array.Resize(ref _window, (int)Math.Min((long)_window.Length * 2, maxRowChars));
        var read = reader.Read(_window, _end, _window.Length - _end);
        if (read == 0) _ended = true;
        _end += read;
    }

    private void Append(char c)
    {
        if (_textUsed == _text.Length) Array.Resize(ref _text, _text.Length * 2);
        _text[_textUsed++] = c;
    }
}
