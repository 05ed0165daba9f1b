using System.Globalization;

namespace Streaming.Faults.Results;

/// <summary>Measured times of one kind.</summary>
internal sealed class Spread
{
    private readonly List<double> _seconds = [];

    /// <summary>How many.</summary>
    public int Count => _seconds.Count;

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan time) => _seconds.Add(time.TotalSeconds);

    /// <summary>The value below which so many of a hundred lie (nearest rank), s; 0 where nothing was measured.</summary>
    public double Percentile(double percent)
    {
        if (_seconds.Count == 0) return 0;
        var sorted = _seconds.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    /// <summary>Writes p50, p95 and the greatest into a case's figures.</summary>
    public void Into(Dictionary<string, double> figures, string name)
    {
        if (_seconds.Count == 0) return;
        foreach (var (label, percent) in ((string, double)[])[("p50", 50), ("p95", 95), ("max", 100)])
            figures[string.Create(CultureInfo.InvariantCulture, $"{name} {label}, s")] = Math.Round(Percentile(percent), 2);
        figures[$"{name}, measured"] = _seconds.Count;
    }
}
