using System.Text;

namespace Streaming.Training.NextItem;

/// <summary>Lines of an input with the count of those that could not be used; the first of them are named.</summary>
internal sealed class RowReader
{
    /// <summary>Most bad rows that are named.</summary>
    private const int MostNamed = 20;

    /// <summary>Longest item id, characters.</summary>
    private const int MaxId = 512;

    private long _line;

    /// <summary>Rows that could not be used.</summary>
    public long Bad { get; private set; }

    /// <summary>Line number and reason of the first of them.</summary>
    public List<string> BadRows { get; } = [];

    /// <summary>All lines; a line feed, with or without a carriage return, ends one.</summary>
    public IEnumerable<string> Lines(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            _line++;
            yield return line;
        }
    }

    /// <summary>Counts the current line as bad.</summary>
    public void Reject(string reason)
    {
        Bad++;
        if (BadRows.Count < MostNamed) BadRows.Add($"line {_line}: {reason}");
    }

    /// <summary>Names the bad rows.</summary>
    /// <param name="say">Takes lines for a person.</param>
    /// <param name="file">What the file is called.</param>
    public void Say(Action<string>? say, string file)
    {
        if (say is null || Bad == 0) return;
        foreach (var row in BadRows) say($"{file}, {row}");
        say($"{file}: {Bad} rows could not be used");
    }

    /// <summary>Item ids of a field, parted by blanks; null and a rejected line where one of them is no id.</summary>
    public string[]? Items(string field)
    {
        var items = field.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var item in items)
        {
            if (!IsId(item)) return null;
        }

        return items;
    }

    /// <summary>True for an item id; otherwise the line is rejected.</summary>
    public bool IsId(string text)
    {
        if (text.Length is 0 or > MaxId)
        {
            Reject(text.Length == 0 ? "an item id is empty" : $"an item id of {text.Length} characters");
            return false;
        }

        if (!text.Any(char.IsControl) && !text.Contains('\ufffd', StringComparison.Ordinal)) return true;
        Reject("an item id holds a control character or bytes that are no UTF-8");
        return false;
    }
}
