using Streaming.Training.Evaluate;

namespace Streaming.Training.Churn;

/// <summary>Reads a file of purchases. A row that cannot be parsed is counted and named (line number, reason), never guessed.</summary>
public static class PurchaseFile
{
    private const int MostNamed = 20;

    /// <summary>Reads a file.</summary>
    /// <param name="format">Its form.</param>
    /// <param name="path">Plain or .gz, or <c>-</c>.</param>
    /// <exception cref="InvalidDataException">The file is not of this form, or holds no row.</exception>
    public static PurchaseHistory Read(PurchaseFormat format, string path)
    {
        using var stream = InputFile.Open(path);
        return Read(format, stream);
    }

    /// <summary>Reads decompressed content.</summary>
    /// <inheritdoc cref="Read(PurchaseFormat, string)"/>
    public static PurchaseHistory Read(PurchaseFormat format, Stream content)
    {
        var builder = new PurchaseHistoryBuilder();
        var bad = new List<string>();
        var (rows, badRows) = format == PurchaseFormat.OnlineRetail ? OnlineRetail(content, builder, bad) : Lines(format, content, builder, bad);
        return builder.Build(rows, badRows, bad);
    }

    private static (long Rows, long Bad) OnlineRetail(Stream content, PurchaseHistoryBuilder builder, List<string> named)
    {
        var file = new OnlineRetailFile();
        foreach (var row in file.Read(content))
        {
            var day = (int)Math.Floor(row.AtMs / 86_400_000.0);
            builder.See(day);
            if (row.Customer.Length == 0) continue;
            if (row.Invoice.StartsWith('C') || row.Quantity < 0) builder.Return(row.Customer, day);
            else if (row.Quantity > 0 && row.Price > 0) builder.Add(row.Customer, day, row.Quantity * row.Price, row.Quantity);
        }

        named.AddRange(file.BadRows);
        return (file.Rows, file.Bad);
    }

    private static (long Rows, long Bad) Lines(PurchaseFormat format, Stream content, PurchaseHistoryBuilder builder, List<string> named)
    {
        using var reader = new StreamReader(content, leaveOpen: true);
        var parser = new PurchaseRowParser(format);
        var (line, rows, bad) = (0L, 0L, 0L);
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (line == 1 && parser.ReadHeader(text)) continue;
            if (string.IsNullOrWhiteSpace(text)) continue;
            rows++;
            if (parser.TryParse(text, out var row, out var reason))
            {
                builder.See(row.Day);
                if (row.Units > 0 && row.Spend >= 0) builder.Add(row.Customer, row.Day, row.Spend, row.Units);
                else builder.Return(row.Customer, row.Day);
            }
            else if (++bad <= MostNamed)
            {
                named.Add($"line {line}: {reason}");
            }
        }

        return (rows, bad);
    }
}
