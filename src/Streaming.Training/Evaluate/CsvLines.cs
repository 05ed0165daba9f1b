using System.Text;

namespace Streaming.Training.Evaluate;

/// <summary>Records of a comma-separated file (RFC 4180: quotes, doubled quotes, line breaks inside quotes), one reused list of fields at a time.</summary>
internal sealed class CsvLines(TextReader reader)
{
    /// <summary>Longest record taken; a quote that never closes must not swallow the file.</summary>
    private const int MaxRecord = 1 << 20;
    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();

    /// <summary>Line on which the record began, from 1.</summary>
    public long Line { get; private set; }

    private long _linesRead;

    /// <summary>The next record, valid until the next call; null at the end.</summary>
    public IReadOnlyList<string>? Next()
    {
        if (ReadLine() is not { } line) return null;
        Line = _linesRead;
        _fields.Clear();
        _field.Clear();
        var quoted = false;
        for (var i = 0; ; i++)
        {
            if (i == line.Length)
            {
                if (!quoted) break;
                if (_field.Length > MaxRecord || ReadLine() is not { } more) throw new InvalidDataException($"line {Line}: a quote is never closed");
                _field.Append('\n');
                line = more;
                i = -1;
                continue;
            }

            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"') _field.Append(line[i++]);
            else if (c == '"' && (quoted || _field.Length == 0)) quoted = !quoted;
            else if (c == ',' && !quoted) EndField();
            else _field.Append(c);
        }

        EndField();
        return _fields;
    }

    private string? ReadLine()
    {
        var line = reader.ReadLine();
        if (line is not null) _linesRead++;
        return line;
    }

    private void EndField()
    {
        _fields.Add(_field.ToString());
        _field.Clear();
    }
}
