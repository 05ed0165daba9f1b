using Streaming.Training.Evaluate;

namespace Streaming.Training.Policy;

/// <summary>The first line of a file: names of its columns, in any order and any case of letters.</summary>
internal sealed class PolicyHeader
{
    private readonly string _file;

    private PolicyHeader(string file, string[] names) => (_file, Names) = (file, names);

    /// <summary>Names of the columns.</summary>
    public string[] Names { get; }

    /// <summary>Number of columns.</summary>
    public int Width => Names.Length;

    /// <summary>Reads the first line.</summary>
    /// <param name="lines">At the beginning of the file.</param>
    /// <param name="file">log, target or items, for errors.</param>
    /// <exception cref="InvalidDataException">There is no line.</exception>
    public static PolicyHeader Read(CsvLines lines, string file) =>
        new(file, [.. (lines.Next() ?? throw new InvalidDataException($"{file}: the file is empty")).Select(n => n.Trim())]);

    /// <summary>Place of a column.</summary>
    /// <exception cref="InvalidDataException">It is missing, or there twice.</exception>
    public int Require(string name)
    {
        int[] places = [.. Enumerable.Range(0, Names.Length).Where(c => string.Equals(Names[c], name, StringComparison.OrdinalIgnoreCase))];
        return places.Length switch
        {
            1 => places[0],
            0 => throw new InvalidDataException($"{_file} line 1: the column {name} is missing; there are {string.Join(", ", Names.Take(12))}{(Names.Length > 12 ? " …" : "")}"),
            _ => throw new InvalidDataException($"{_file} line 1: the column {name} is there twice"),
        };
    }

    /// <summary>What is wrong with a row's number of fields; null where nothing is.</summary>
    public string? Problem(IReadOnlyList<string> fields) =>
        fields.Count == Width ? null : fields.Count == 1 && fields[0].Length == 0 ? "an empty line" : $"{fields.Count} fields instead of {Width}";
}
