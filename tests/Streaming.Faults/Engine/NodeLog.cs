using System.Globalization;

namespace Streaming.Faults.Engine;

/// <summary>The last lines that a node logged, with the moment that the node gave each.</summary>
internal sealed class NodeLog
{
    /// <summary>What Akka logs where a member takes another for unreachable.</summary>
    public static readonly string[] Unreachable = ["Marking node(s) as UNREACHABLE", "Marking node as UNREACHABLE"];

    private const int MaxLines = 5_000, StampLength = 24;
    private readonly List<(DateTime At, string Text)> _lines = [];

    /// <summary>Takes a line; one without a moment of its own goes on from the last.</summary>
    public void Add(string line)
    {
        lock (_lines)
        {
            var hasStamp = line.Length > StampLength
                && DateTime.TryParseExact(line.AsSpan(0, StampLength), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out _);
            var at = hasStamp ? DateTime.Parse(line.AsSpan(0, StampLength), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) : _lines.Count > 0 ? _lines[^1].At : DateTime.MinValue;
            _lines.Add((at, line));
            if (_lines.Count > MaxLines) _lines.RemoveRange(0, MaxLines / 2);
        }
    }

    /// <summary>When a text was first logged at or after a moment.</summary>
    public DateTime? FirstAfter(DateTime after, params ReadOnlySpan<string> texts)
    {
        lock (_lines)
        {
            foreach (var (at, text) in _lines)
            {
                if (at < after) continue;
                foreach (var wanted in texts)
                    if (text.Contains(wanted, StringComparison.Ordinal)) return at;
            }

            return null;
        }
    }

    /// <summary>Each moment, at or after one, at which a text was logged.</summary>
    public IReadOnlyList<DateTime> AllAfter(DateTime after, string text) => [.. LinesAfter(after, text).Select(line => line.At)];

    /// <summary>Each line, at or after a moment, that holds a text.</summary>
    public IReadOnlyList<(DateTime At, string Text)> LinesAfter(DateTime after, string text)
    {
        lock (_lines) return [.. _lines.Where(line => line.At >= after && line.Text.Contains(text, StringComparison.Ordinal))];
    }

    /// <summary>When a text was last logged.</summary>
    public DateTime? Last(string text)
    {
        lock (_lines) return _lines.FindLast(line => line.Text.Contains(text, StringComparison.Ordinal)) is var (at, found) && found is not null ? at : null;
    }
}
