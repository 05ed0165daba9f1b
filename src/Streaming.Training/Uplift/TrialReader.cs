using System.Globalization;

namespace Streaming.Training.Uplift;

/// <summary>
/// Takes a trial out of a file. Never features: the treatment, every outcome (conversion, spend, visit, and what <c>--exclude</c> names), ids (by name, or a column of whole numbers or words that differs in each row), and a column
/// of one value. A column is one of numbers where 99 % of its filled fields are; a row that has another text there is bad.
/// </summary>
/// <param name="arms">Who is compared.</param>
/// <param name="outcome">Name of the outcome's column.</param>
/// <param name="exclude">Names of columns that are no features.</param>
internal sealed class TrialReader(TrialArms arms, string outcome, IReadOnlyCollection<string> exclude)
{
    private const double NumberShare = 0.99;
    private static readonly string[] Outcomes = ["conversion", "spend", "visit"];
    private readonly List<(string Name, bool IsNumber)> _kinds = [];

    /// <summary>Columns that are no features, with the reason.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Rows of other arms.</summary>
    public long OtherArms { get; private set; }

    /// <summary>Reads the file that models are fitted on: it decides which columns there are and of which kind.</summary>
    public Trial ReadFit(TrialFile file)
    {
        var rows = Rows(file, []);
        foreach (var column in file.Columns)
        {
            if (WhyNot(file, column) is { } reason) LeftOut.Add($"{column.Name} ({reason})");
            else _kinds.Add((column.Name, IsNumber(column)));
        }

        return Take(file, rows);
    }

    /// <summary>Reads another file with the columns of the first.</summary>
    public Trial ReadTest(TrialFile file) => Take(file, Rows(file, []));

    private Trial Take(TrialFile file, List<int> rows)
    {
        var columns = _kinds.Select(k => file.Find(k.Name) ?? throw new InvalidDataException($"the header has no column {k.Name}")).ToArray();
        var numbers = columns.Select((c, i) => _kinds[i].IsNumber ? c.Texts.Select(Number).ToArray() : null).ToArray();
        rows.RemoveAll(row =>
        {
            for (var c = 0; c < columns.Length; c++)
            {
                if (numbers[c] is not { } parsed || columns[c][row].Length == 0 || double.IsFinite(parsed[columns[c].Codes[row]])) continue;
                file.Bad.Add(file.Lines[row], $"{columns[c].Name} '{columns[c][row]}' is not a number");
                return true;
            }

            return false;
        });
        var (treatment, result) = (file.Find(arms.Column)!, file.Find(outcome)!);
        var features = columns.Select((c, i) => numbers[i] is { } parsed
            ? new TrialFeature(c.Name, [.. rows.Select(r => parsed[c.Codes[r]])], null)
            : new TrialFeature(c.Name, null, [.. rows.Select(r => c[r])]));
        return new Trial([.. features], [.. rows.Select(r => arms.Treated.Contains(treatment[r]))], [.. rows.Select(r => Number(result[r]))]);
    }

    /// <summary>Rows of the two arms with a number as outcome.</summary>
    private List<int> Rows(TrialFile file, List<int> rows)
    {
        var treatment = file.Find(arms.Column) ?? throw new InvalidDataException($"the header has no column {arms.Column}");
        var result = file.Find(outcome) ?? throw new InvalidDataException($"the header has no column {outcome}");
        for (var row = 0; row < file.Lines.Count; row++)
        {
            var arm = treatment[row];
            if (arm.Length == 0) file.Bad.Add(file.Lines[row], $"{treatment.Name} is empty");
            else if (!arms.Treated.Contains(arm) && !arms.Control.Contains(arm)) OtherArms++;
            else if (!double.IsFinite(Number(result[row]))) file.Bad.Add(file.Lines[row], $"{result.Name} '{result[row]}' is not a number");
            else rows.Add(row);
        }

        return rows;
    }

    private string? WhyNot(TrialFile file, TrialColumn column)
    {
        if (Same(column.Name, arms.Column)) return "the treatment";
        if (Same(column.Name, outcome)) return "the outcome";
        if (Outcomes.Any(o => Same(o, column.Name))) return "another outcome";
        if (exclude.Any(e => Same(e, column.Name))) return "excluded";
        if (Same(column.Name, "id") || column.Name.EndsWith("_id", StringComparison.OrdinalIgnoreCase) || column.Name.EndsWith("Id", StringComparison.Ordinal) || column.Name.EndsWith("ID", StringComparison.Ordinal)) return "an id";
        if (column.Texts.Count < 2) return "one value";
        return column.Texts.Count == file.Lines.Count && !(IsNumber(column) && column.Texts.Any(t => t.AsSpan().ContainsAny('.', 'e', 'E'))) ? "differs in each row: an id" : null;
    }

    private static bool IsNumber(TrialColumn column)
    {
        var parsed = column.Texts.Select(Number).ToArray();
        long filled = 0, numbers = 0;
        foreach (var code in column.Codes)
        {
            if (column.Texts[code].Length == 0) continue;
            filled++;
            if (double.IsFinite(parsed[code])) numbers++;
        }

        return filled > 0 && numbers >= NumberShare * filled;
    }

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
