using System.Globalization;
using System.Text;

namespace Streaming.Training.Evaluate;

/// <summary>Reads the form <c>online-retail</c>: InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country, found by their names.</summary>
public sealed class OnlineRetailFile
{
    private static readonly string[] Columns = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"];
    private static readonly string[] DateFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "M/d/yyyy H:mm", "M/d/yyyy H:mm:ss"];
    private readonly int[] _places = new int[Columns.Length];

    /// <summary>Rows read, the bad ones included.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows that could not be parsed.</summary>
    public long Bad { get; private set; }

    /// <summary>Line number and reason of the first bad rows, at most 20.</summary>
    public List<string> BadRows { get; } = [];

    /// <summary>Rows of a file that can be parsed, in its order; bad ones are counted and named.</summary>
    /// <exception cref="InvalidDataException">A column is missing, or a quote is never closed.</exception>
    public IEnumerable<TransactionRow> Read(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        var lines = new CsvLines(reader);
        ReadHeader(lines.Next() ?? throw new InvalidDataException("the file is empty"));
        while (lines.Next() is { } fields)
        {
            Rows++;
            if (TryParse(lines.Line, fields, out var row, out var reason)) yield return row;
            else Reject(lines.Line, reason);
        }
    }

    private void ReadHeader(IReadOnlyList<string> header)
    {
        for (var c = 0; c < Columns.Length; c++)
        {
            _places[c] = header.ToList().FindIndex(name => string.Equals(name.Trim(), Columns[c], StringComparison.OrdinalIgnoreCase));
            if (_places[c] < 0) throw new InvalidDataException($"the header has no column {Columns[c]}");
        }
    }

    private bool TryParse(long line, IReadOnlyList<string> fields, out TransactionRow row, out string reason)
    {
        row = default;
        if (fields.Count <= _places.Max())
        {
            reason = $"only {fields.Count} columns";
            return false;
        }

        if (!long.TryParse(fields[_places[2]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quantity))
        {
            reason = $"Quantity '{fields[_places[2]]}' is not a whole number";
            return false;
        }

        if (!DateTime.TryParseExact(fields[_places[3]], DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            reason = $"InvoiceDate '{fields[_places[3]]}' is not a date of a known form";
            return false;
        }

        if (!double.TryParse(fields[_places[4]], NumberStyles.Float, CultureInfo.InvariantCulture, out var price) || !double.IsFinite(price))
        {
            reason = $"UnitPrice '{fields[_places[4]]}' is not a number";
            return false;
        }

        reason = "";
        row = new TransactionRow(line, fields[_places[0]], fields[_places[1]], quantity, new DateTimeOffset(at).ToUnixTimeMilliseconds(), price, fields[_places[5]].Trim());
        return true;
    }

    private void Reject(long line, string reason)
    {
        Bad++;
        if (BadRows.Count < 20) BadRows.Add($"line {line}: {reason}");
    }
}
