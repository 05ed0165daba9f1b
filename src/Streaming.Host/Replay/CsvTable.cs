
namespace Streaming.Host.Replay;

/// <summary>CSV rows by column name. Columns may come in any order and with others between them; without a header row the form's own order holds.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly StreamReader _text;
    private readonly CsvRowReader _rows;
    private readonly string[] _names;
    private readonly int[] _places;
    private readonly Action<RejectedRow> _rejected;
    private bool _pending;
    private int _width;

    /// <summary>Opens the table and reads its header.</summary>
    /// <param name="content">Decompressed text.</param>
    /// <param name="names">The form's columns, in its own order.</param>
    /// <param name="options">Limits and encoding.</param>
    /// <param name="rejected">Called for rows that cannot be read.</param>
    /// <exception cref="HistoryFormatException">A column is missing.</exception>
    public CsvTable(Stream content, string[] names, HistoryReaderOptions options, Action<RejectedRow> rejected)
    {
        var encoding = options.FindEncoding() ?? throw new ArgumentException($"unknown encoding {options.EncodingName}", nameof(options));
        _text = new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        _rows = new CsvRowReader(_text, options.MaxRowLength);
        _names = names;
        _places = new int[names.Length];
        _rejected = rejected;
        ReadHeader();
    }

    /// <summary>Number of the row among the data rows, from 1.</summary>
    public long RowNumber { get; private set; }

    /// <summary>Line on which the row begins.</summary>
    public long LineNumber => _rows.LineNumber;

    /// <summary>Value of a column (index into the names given).</summary>
    public ReadOnlySpan<char> this[int column] => _rows[_places[column]];

    /// <summary>Moves to the next row that has all columns and is text of the encoding; others are rejected on the way.</summary>
    public bool Read()
    {
        while (_pending || _rows.Read())
        {
            _pending = false;
            RowNumber++;
            var error = _rows.Error ?? Check();
            if (error is null) return true;
            Reject(error);
        }

        return false;
    }

    /// <summary>Rejects the present row.</summary>
    public void Reject(string reason) => _rejected(new RejectedRow(LineNumber, reason));

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    private string? Check()
    {
        if (_rows.FieldCount != _width) return $"{_rows.FieldCount} fields instead of {_width}";
        for (var i = 0; i < _names.Length; i++)
        {
            if (this[i].Contains('\uFFFD')) return $"{_names[i]} is not text of the file's encoding";
        }

        return null;
    }

    private void ReadHeader()
    {
        _width = _names.Length;
        for (var i = 0; i < _places.Length; i++) _places[i] = i;
        if (!_rows.Read()) return;
        var header = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < _rows.FieldCount; i++) header.TryAdd(new string(_rows[i].Trim()), i);
        var found = _names.Count(header.ContainsKey);
        if (found == 0)
        {
            if (_rows.Error is null && _rows.FieldCount < _width)
                throw new HistoryFormatException($"expected the columns {string.Join(',', _names)}, found {_rows.FieldCount} fields in the first row");
            _pending = true;
            return;
        }

        if (found < _names.Length)
            throw new HistoryFormatException($"column missing: {string.Join(", ", _names.Where(name => !header.ContainsKey(name)))}");
        _width = _rows.FieldCount;
        for (var i = 0; i < _places.Length; i++) _places[i] = header[_names[i]];
    }
}
