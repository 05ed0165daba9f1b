using System.Globalization;
using Streaming.Host.Settings;

namespace Streaming.Host.Tests.Settings;

/// <summary>What one option takes and refuses, from option-bounds.txt.</summary>
/// <param name="Key">The option.</param>
/// <param name="Accepted">Texts that it takes; both ends of its range among them.</param>
/// <param name="Refused">Texts that it refuses; the next ones beyond both ends among them.</param>
/// <param name="With">Other settings without which the option itself would make no sense.</param>
internal sealed record OptionBounds(string Key, IReadOnlyList<string> Accepted, IReadOnlyList<string> Refused, IReadOnlyList<KeyValuePair<string, string?>> With)
{
    private const double FractionStep = 0.001;

    /// <summary>Every line of the table.</summary>
    /// <param name="options">The options of the program, for their types.</param>
    /// <param name="file">A file that exists.</param>
    /// <param name="folder">A folder that exists.</param>
    /// <param name="keys">A file of API keys.</param>
    public static IReadOnlyList<OptionBounds> All(IReadOnlyList<SettingsOption> options, string file, string folder, string keys)
    {
        var path = Path.Combine(EveryOptionTests.RepositoryRoot(), "tests", "Streaming.Host.Tests", "Settings", "option-bounds.txt");
        return [.. File.ReadAllLines(path).Where(l => l.Length > 0 && l[0] != '#').Select(l => Parse(l, options, file, folder, keys))];
    }

    private static OptionBounds Parse(string line, IReadOnlyList<SettingsOption> options, string file, string folder, string keys)
    {
        var cells = line.Split('|').Select(c => c.Trim(' ')).ToArray();
        string Filled(string text) => text.Replace("{file}", file, StringComparison.Ordinal).Replace("{folder}", folder, StringComparison.Ordinal).Replace("{keys}", keys, StringComparison.Ordinal);
        IReadOnlyList<KeyValuePair<string, string?>> with = cells.Length < 4 ? [] : [.. cells[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => Pair(Filled(p)))];
        if (cells[1].Split(" .. ") is [var low, var high])
        {
            var type = options.Single(o => o.Key == cells[0]).Type;
            return new OptionBounds(cells[0], [low, high], [Next(type, low, -1), Next(type, high, 1)], with);
        }

        return new OptionBounds(cells[0], [.. Texts(cells[1]).Select(Filled)], cells.Length < 3 ? [] : [.. Texts(cells[2]).Select(Filled)], with);
    }

    /// <summary>The setting that a text of this option means; of a map, one entry.</summary>
    public KeyValuePair<string, string?> Setting(string text, bool isMap) => isMap ? Pair(Key + ":" + text) : new(Key, text);

    private static IEnumerable<string> Texts(string cell) => cell.Split(" ; ").Where(t => t is not ("" or "~")).Select(t => t switch { "''" => "", "\\s" => " ", _ => t });

    private static KeyValuePair<string, string?> Pair(string text) => new(text[..text.IndexOf('=', StringComparison.Ordinal)], text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    // The next value of the type; of fractions, one that is clearly beyond.
    private static string Next(Type type, string end, int direction)
    {
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(TimeSpan)) return (TimeSpan.Parse(end, culture) + TimeSpan.FromTicks(direction)).ToString("c", culture);
        if (!OptionShape.IsFraction(type)) return (decimal.Parse(end, culture) + direction).ToString(culture);
        var value = double.Parse(end, culture);
        return (value + (direction * FractionStep * Math.Max(1, Math.Abs(value)))).ToString(culture);
    }
}
