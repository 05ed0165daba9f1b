using System.Globalization;
using System.Text;
using Streaming.Training.Evaluate;

namespace Streaming.Training.Policy;

/// <summary>
/// A file of the Open Bandit form: <c>timestamp,item_id,position,click,propensity_score</c> and features of the visitor, of which nothing is read but the item, position, propensity and, where asked for, the click.
/// </summary>
internal sealed class PolicyFile
{
    /// <summary>Largest position that is taken.</summary>
    public const int MaxPosition = 1000;

    private readonly string _name;
    private readonly string _path;
    private readonly byte[]? _input;

    /// <summary>A file that is read later, perhaps twice. Standard input can be read once, so its bytes are kept.</summary>
    /// <param name="name">log or target, for errors.</param>
    /// <param name="path">Plain or .gz, or <c>-</c>.</param>
    public PolicyFile(string name, string path)
    {
        (_name, _path) = (name, path);
        if (path != "-") return;
        using var input = InputFile.Open(path);
        using var kept = new MemoryStream();
        input.CopyTo(kept);
        _input = kept.ToArray();
    }

    /// <summary>Items, positions and propensities, of the log clicks too.</summary>
    /// <param name="items">The items that there are.</param>
    /// <param name="positions">Positions that may occur; null: any.</param>
    /// <param name="clicks">Whether the column click is looked at.</param>
    /// <param name="bad">Rows that cannot be used.</param>
    /// <exception cref="InvalidDataException">Empty, a column is missing, or more than 1 % of the rows cannot be used.</exception>
    public PolicyRows Read(PolicyItems items, IReadOnlyCollection<int>? positions, bool clicks, PolicyBadRows bad)
    {
        using var stream = Open();
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        var lines = new CsvLines(reader);
        var header = PolicyHeader.Read(lines, _name);
        var (item, position, click, propensity) = (header.Require("item_id"), header.Require("position"), header.Require("click"), header.Require("propensity_score"));
        var (shown, places, chances, clicked) = (new List<int>(), new List<int>(), new List<double>(), new List<bool>());
        while (lines.Next() is { } fields)
        {
            var problem = header.Problem(fields);
            var (at, place, chance, hit) = (0, 0, 0.0, false);
            problem ??= items.Places.TryGetValue(fields[item].Trim(), out at) ? null : $"the item {Quote(fields[item])} is not in the items file";
            problem ??= Position(fields[position], positions, out place);
            problem ??= Propensity(fields[propensity], out chance);
            if (clicks) problem ??= Click(fields[click], out hit);
            if (problem is not null)
            {
                bad.Row(_name, lines.Line, problem);
                continue;
            }

            bad.Good(_name);
            shown.Add(at);
            places.Add(place);
            chances.Add(chance);
            clicked.Add(hit);
        }

        bad.Check(_name, shown.Count);
        return new PolicyRows([.. shown], [.. places], [.. chances], clicks ? [.. clicked] : null);
    }

    private Stream Open() => _input is null ? InputFile.Open(_path) : new MemoryStream(_input, writable: false);

    private static string? Position(string text, IReadOnlyCollection<int>? known, out int position)
    {
        if (!int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out position) || position is < 0 or > MaxPosition) return $"the position {Quote(text)} is no whole number from 0 to {MaxPosition}";
        return known is null || known.Contains(position) ? null : $"the position {Quote(text)} is not in the log, which has {string.Join(", ", known.Order())}";
    }

    private static string? Propensity(string text, out double propensity) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out propensity) && propensity is > 0 and <= 1 ? null : $"the propensity_score {Quote(text)} is not in (0, 1]";

    private static string? Click(string text, out bool click)
    {
        var number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
        click = number == 1;
        return number is 0 or 1 ? null : $"the click {Quote(text)} is neither 0 nor 1";
    }

    private static string Quote(string text) => $"\"{(text.Length > 40 ? text[..40] + "…" : text)}\"";
}
