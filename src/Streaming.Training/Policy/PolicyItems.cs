using System.Globalization;
using System.Text;
using Streaming.Training.Evaluate;

namespace Streaming.Training.Policy;

/// <summary>Items and their features: comma-separated with a header, the column <c>item_id</c> and any others.</summary>
internal sealed class PolicyItems
{
    /// <summary>Most items that are taken.</summary>
    public const int MaxItems = 200_000;

    private const string IdColumn = "item_id";

    /// <summary>Place of each id.</summary>
    public required IReadOnlyDictionary<string, int> Places { get; init; }

    /// <summary>Texts of each feature, [feature][item].</summary>
    public required IReadOnlyList<string[]> Features { get; init; }

    /// <summary>Number of items.</summary>
    public int Count => Places.Count;

    /// <summary>Reads the file.</summary>
    /// <param name="path">Plain or .gz, or <c>-</c>.</param>
    /// <param name="bad">Rows that cannot be used.</param>
    /// <exception cref="InvalidDataException">Empty, without the column, or with an item twice.</exception>
    public static PolicyItems Read(string path, PolicyBadRows bad)
    {
        using var stream = InputFile.Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        var lines = new CsvLines(reader);
        var header = PolicyHeader.Read(lines, "items");
        var id = header.Require(IdColumn);
        // A column without a name is the row number that data frames write.
        int[] columns = [.. Enumerable.Range(0, header.Width).Where(c => c != id && header.Names[c].Length > 0)];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        List<string>[] features = [.. columns.Select(_ => new List<string>())];
        while (lines.Next() is { } fields)
        {
            if (header.Problem(fields) is { } problem)
            {
                bad.Row("items", lines.Line, problem);
                continue;
            }

            var item = fields[id].Trim();
            if (item.Length == 0)
            {
                bad.Row("items", lines.Line, "no item_id");
                continue;
            }

            if (!places.TryAdd(item, places.Count)) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"items line {lines.Line}: the item {item} is there twice"));
            if (places.Count > MaxItems) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"items line {lines.Line}: more than {MaxItems} items"));
            bad.Good("items");
            for (var f = 0; f < columns.Length; f++) features[f].Add(fields[columns[f]].Trim());
        }

        bad.Check("items", places.Count);
        return new PolicyItems { Places = places, Features = [.. features.Select(f => f.ToArray())] };
    }
}
