using System.Globalization;

namespace Streaming.Host.Inspect;

/// <summary>Times as people say them.</summary>
internal static class Ago
{
    /// <summary>E.g. <c>12 s ago</c>, <c>3 h ago</c>, <c>41 days ago</c>.</summary>
    /// <param name="thenMs">The time, ms since 1970.</param>
    /// <param name="nowMs">Now, ms since 1970.</param>
    public static string Text(long thenMs, long nowMs)
    {
        var span = TimeSpan.FromMilliseconds(Math.Max(0, nowMs - thenMs));
        return span.TotalSeconds < 1 ? "now"
            : span.TotalMinutes < 1 ? Say(span.TotalSeconds, "s")
            : span.TotalHours < 1 ? Say(span.TotalMinutes, "min")
            : span.TotalDays < 2 ? Say(span.TotalHours, "h")
            : Say(span.TotalDays, "days");
    }

    private static string Say(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(number):0} {unit} ago");
}
