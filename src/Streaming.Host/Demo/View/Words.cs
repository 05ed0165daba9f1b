using System.Globalization;
using Streaming.Contracts;

namespace Streaming.Host.Demo.View;

/// <summary>Codes of outputs as people read them.</summary>
internal static class Words
{
    private static readonly char[] Blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

    /// <summary>Why an item is in a list.</summary>
    public static string Reason(RecommendedItem item, Func<string, string> titleOf)
    {
        var reason = item.Reason.Replace('_', ' ');
        return item.Because is { } because ? $"{reason} {titleOf(because)}" : reason;
    }

    /// <summary>Why a user is at risk.</summary>
    public static string Reasons(ChurnAlert alert) =>
        string.Join(", ", alert.Reasons.Take(2).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Code.Replace('_', ' ')} {r.Value:0.#}")));

    /// <summary>Numbers as a row of little bars.</summary>
    public static string Spark(IReadOnlyList<long> values, int width)
    {
        var shown = values.Skip(Math.Max(0, values.Count - width)).ToArray();
        var most = Math.Max(1, shown.DefaultIfEmpty(0).Max());
        return new string([.. shown.Select(v => Blocks[(int)(v * (Blocks.Length - 1) / most)])]);
    }

    /// <summary>Text on one line of so many columns; what does not fit ends in an ellipsis.</summary>
    public static string Fit(string text, int columns) => columns <= 0 ? "" : text.Length <= columns ? text : text[..(columns - 1)].TrimEnd() + "…";

    /// <summary>Milliseconds with a fitting unit.</summary>
    public static string Duration(double milliseconds) => milliseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.0} s");
}
