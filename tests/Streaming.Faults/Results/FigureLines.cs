using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Faults.Results;

/// <summary>Figures of a case as lines: what <see cref="Spread"/> writes of one kind of time is one line, and so are the readings of one quantity of a soak.</summary>
internal static partial class FigureLines
{
    /// <summary>The lines, in the figures' order.</summary>
    public static IEnumerable<string> Of(IReadOnlyDictionary<string, double> figures)
    {
        foreach (var group in figures.Select(f => (Named: Name().Match(f.Key), f.Key, f.Value)).GroupBy(f => f.Named.Success ? f.Named.Groups["what"].Value : f.Key))
        {
            var parts = group.Select(f => string.Create(CultureInfo.InvariantCulture, $"{(f.Named.Success ? f.Named.Groups["part"].Value + " " : "")}{f.Value:0.##}{(f.Key.EndsWith(", s", StringComparison.Ordinal) && f.Named.Success ? " s" : "")}"));
            yield return $"{group.Key}: {string.Join(", ", parts)}";
        }
    }

    [GeneratedRegex("^(?<what>.+?)(?: (?<part>p50|p95|max), s|, (?<part>measured)|: (?<part>at the start|slope an hour|slope's 95 % interval (?:from|to)))$")]
    private static partial Regex Name();
}
