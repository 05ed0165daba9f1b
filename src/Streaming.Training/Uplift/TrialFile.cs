using System.Text;
using Streaming.Training.Evaluate;

namespace Streaming.Training.Uplift;

/// <summary>The rows of a trial: comma-separated with a header, one customer a row, any columns.</summary>
internal sealed class TrialFile
{
    /// <summary>Columns in the order of the header.</summary>
    public required IReadOnlyList<TrialColumn> Columns { get; init; }

    /// <summary>Line of each row, from 1; the header is line 1.</summary>
    public required IReadOnlyList<long> Lines { get; init; }

    /// <summary>Rows that cannot be used.</summary>
    public required BadRows Bad { get; init; }

    /// <summary>The column of a name, in any case of letters; null where there is none.</summary>
    public TrialColumn? Find(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a file.</summary>
    /// <param name="path">Plain or .gz, or <c>-</c>.</param>
    /// <exception cref="InvalidDataException">Empty, a header with one name twice, or a quote that is never closed.</exception>
    public static TrialFile Read(string path)
    {
        using var stream = InputFile.Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        var lines = new CsvLines(reader);
        var columns = (lines.Next() ?? throw new InvalidDataException("the file is empty")).Select(name => new TrialColumn(name.Trim())).ToArray();
        if (columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InvalidDataException($"the header has the column {twice.Key} twice");
        var bad = new BadRows();
        var places = new List<long>();
        while (lines.Next() is { } fields)
        {
            if (fields.Count != columns.Length)
            {
                if (fields.Count != 1 || fields[0].Length > 0) bad.Add(lines.Line, $"{fields.Count} fields instead of {columns.Length}");
                continue;
            }

            places.Add(lines.Line);
            for (var c = 0; c < columns.Length; c++) columns[c].Add(fields[c]);
        }

        return new TrialFile { Columns = columns, Lines = places, Bad = bad };
    }
}
