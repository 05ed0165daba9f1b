using System.Globalization;

namespace Streaming.Host.Settings;

/// <summary>Durations as settings write them.</summary>
internal static class Durations
{
    private static readonly (string Suffix, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>Reads <c>hh:mm:ss[.fff]</c>, <c>d.hh:mm:ss</c>, or a number with ms, s, m, h or d. A bare number is refused: .NET would take it for days.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        text = text.Trim();
        if (text.Contains(':', StringComparison.Ordinal)) return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
        foreach (var (suffix, milliseconds) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) continue;
            var total = number * milliseconds;
            if (!double.IsFinite(total) || Math.Abs(total) > TimeSpan.MaxValue.TotalMilliseconds) continue;
            value = TimeSpan.FromMilliseconds(total);
            return true;
        }

        value = default;
        return text == "0";
    }
}
