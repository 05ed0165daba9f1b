namespace Streaming.Host.Replay;

/// <summary>Lines of a byte stream, without their line ends; one reused buffer. A line longer than the limit is skipped up to its end and has an error.</summary>
internal sealed class LineReader(Stream content, int maxBytes)
{
    private byte[] _window = new byte[Math.Min(maxBytes, 64 * 1024)];
    private int _start, _end, _length;
    private bool _ended;

    /// <summary>Number of the line, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>True where the line is longer than the limit; <see cref="Line"/> is then its last part.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The line's bytes; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Line => _window.AsSpan(_start, _length).TrimEnd((byte)'\r');

    private int _consumed;

    /// <summary>Moves to the next line; false at the end.</summary>
    public bool Read()
    {
        _start += _consumed;
        _consumed = _length = 0;
        TooLong = false;
        var searched = 0;
        while (true)
        {
            var found = _window.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0) return Take(searched + found, 1);
            searched = _end - _start;
            if (_ended) return searched > 0 && Take(searched, 0);
            if (searched >= maxBytes)
            {
                TooLong = true;
                _start = _end;
                searched = 0;
            }

            Fill();
        }
    }

    private bool Take(int length, int lineEnd)
    {
        _length = length;
        _consumed = length + lineEnd;
        LineNumber++;
        return true;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _window.AsSpan(_start, _end - _start).CopyTo(_window);
            _end -= _start;
            _start = 0;
        }

        if (_end == _window.Length) Array.Resize(ref _window, (int)Math.Min((long)_window.Length * 2, maxBytes));
        var read = content.Read(_window, _end, _window.Length - _end);
        if (read == 0) _ended = true;
        _end += read;
    }
}
