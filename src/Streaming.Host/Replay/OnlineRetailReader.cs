using System.Globalization;
using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary>
/// <c>online-retail</c>: one order line a row. An invoice that begins with C, or a negative quantity, is a refund of so many units; every other row is a purchase, whatever its
/// stock code. Two kinds of rows are kept as they are for the engine to judge: no customer (no userId; the key is the invoice), and a price below 0.
/// </summary>
internal static class OnlineRetailReader
{
    private const int Invoice = 0, StockCode = 1, Description = 2, Quantity = 3, Date = 4, Price = 5, Customer = 6;

    private static readonly string[] Columns =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

    private static readonly string[] DateForms =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "M/d/yyyy H:mm", "M/d/yyyy H:mm:ss"];

    public static IEnumerable<HistoryRecord> Read(Stream content, HistoryReaderOptions options, Action<RejectedRow> rejected)
    {
        using var table = new CsvTable(content, Columns, options, rejected);
        while (table.Read())
        {
            if (Parse(table) is { } record) yield return record;
        }
    }

    private static HistoryRecord? Parse(CsvTable table)
    {
        if (!TryQuantity(table[Quantity], out var quantity)) return Reject(table, Quantity, "is not a whole number");
        if (!decimal.TryParse(table[Price], NumberStyles.Float, CultureInfo.InvariantCulture, out var price)) return Reject(table, Price, "is not a number");
        if (!DateTimeOffset.TryParseExact(table[Date].Trim(), DateForms, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)) return Reject(table, Date, "is not a time");
        var invoice = Text(table[Invoice]);
        var customer = CustomerId(table[Customer]);
        if (invoice is null && customer is null) return Reject(table, Invoice, "and CustomerID are both empty");
        var isRefund = quantity < 0 || invoice is ['C', ..];
        return new HistoryRecord
        {
            RowNumber = table.RowNumber,
            LineNumber = table.LineNumber,
            Type = isRefund ? EventType.Refund : EventType.Purchase,
            TimeMs = date.ToUnixTimeMilliseconds(),
            UserId = customer,
            SessionId = invoice,
            ItemId = Text(table[StockCode]),
            Quantity = isRefund ? Math.Abs(quantity) : quantity,
            UnitPrice = price,
            Currency = "GBP",
            Title = Text(table[Description]),
        };
    }

    private static HistoryRecord? Reject(CsvTable table, int column, string problem)
    {
        table.Reject($"{Columns[column]} {problem}");
        return null;
    }

    private static bool TryQuantity(ReadOnlySpan<char> text, out long quantity) =>
        long.TryParse(WithoutZeroFraction(text.Trim()), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out quantity) && quantity != long.MinValue;

    /// <summary>A number that a spreadsheet wrote as 17850.0 is the customer 17850.</summary>
    private static string? CustomerId(ReadOnlySpan<char> text) => Text(WithoutZeroFraction(text.Trim()));

    private static ReadOnlySpan<char> WithoutZeroFraction(ReadOnlySpan<char> text)
    {
        if (text is not [.., _, '.', '0']) return text;
        var whole = text[..^2];
        return whole.TrimStart('-').ContainsAnyExceptInRange('0', '9') ? text : whole;
    }

    private static string? Text(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        return trimmed.IsEmpty ? null : new string(trimmed);
    }
}
