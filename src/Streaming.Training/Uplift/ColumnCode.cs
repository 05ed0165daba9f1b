using System.Text.Json;

namespace Streaming.Training.Uplift;

/// <summary>
/// How one column enters the design, decided on its own values alone, never on outcomes or treatments: a category is one column a level; a number is a straight line in standard deviations, cut off at its 1 % and 99 % quantiles, and,
/// where it has more than two values, a level for each value (up to 12) or for each of 8 bins of equal mass. What is empty, rare or unheard of is a level of its own.
/// </summary>
internal sealed class ColumnCode
{
    private const int Bins = 8, MaxValues = 12, MaxLevels = 50;
    private readonly bool _isNumber;
    private readonly double _low, _high, _mean, _scale;
    private readonly double[] _edges = [];
    private readonly Dictionary<string, int> _levels = new(StringComparer.Ordinal);

    /// <summary>Decides on the values of a column.</summary>
    public ColumnCode(TrialFeature feature)
    {
        Name = feature.Name;
        _isNumber = feature.Numbers is not null;
        if (feature.Numbers is not { } numbers)
        {
            var least = Math.Max(20, feature.Texts!.Length / 200);
            var frequent = feature.Texts.GroupBy(t => t, StringComparer.Ordinal).Select(g => (g.Key, Count: g.Count())).Where(g => g.Count >= least)
                .OrderByDescending(g => g.Count).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MaxLevels);
            foreach (var (text, _) in frequent) _levels.Add(text, _levels.Count + 1);
            Levels = _levels.Count + 1;
            return;
        }

        double[] sorted = [.. numbers.Where(double.IsFinite).Order()];
        if (sorted.Length == 0) return;
        (_low, _high) = (sorted[sorted.Length / 100], sorted[sorted.Length - 1 - (sorted.Length / 100)]);
        if (_low == _high) (_low, _high) = (sorted[0], sorted[^1]);
        _mean = sorted.Average(x => Math.Clamp(x, _low, _high));
        var deviation = Math.Sqrt(sorted.Average(x => Square(Math.Clamp(x, _low, _high) - _mean)));
        _scale = deviation > 1e-12 * Math.Max(1, Math.Abs(_mean)) ? 1 / deviation : 0;
        double[] distinct = [.. sorted.Distinct()];
        if (distinct.Length > 2) _edges = [.. (distinct.Length <= MaxValues ? distinct.Skip(1) : Enumerable.Range(1, Bins - 1).Select(b => sorted[(int)((long)b * sorted.Length / Bins)]).Distinct())];
        Levels = _edges.Length > 0 || sorted.Length < numbers.Length ? _edges.Length + 2 : 0;
    }

    /// <summary>Name of the column.</summary>
    public string Name { get; }

    /// <summary>Number of levels, level 0 for what is empty, rare or unheard of; 0: the column has none.</summary>
    public int Levels { get; }

    /// <summary>True where the column enters as a straight line too.</summary>
    public bool HasLine => _isNumber && _scale > 0;

    /// <summary>Level of a value.</summary>
    public int LevelOf(TrialFeature feature, int row)
    {
        if (!_isNumber) return _levels.GetValueOrDefault(feature.Texts![row]);
        var x = feature.Numbers![row];
        if (!double.IsFinite(x)) return 0;
        var at = Array.BinarySearch(_edges, x);
        return at >= 0 ? at + 2 : ~at + 1;
    }

    /// <summary>Standard deviations above the mean; 0 for an empty field.</summary>
    public double LineOf(TrialFeature feature, int row) => feature.Numbers![row] is var x && double.IsFinite(x) ? (Math.Clamp(x, _low, _high) - _mean) * _scale : 0;

    /// <summary>Writes the column with what it adds to an effect.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="levels">Effect of each level.</param>
    /// <param name="slope">Effect of a standard deviation.</param>
    public void Write(Utf8JsonWriter json, ReadOnlySpan<double> levels, double slope)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteBoolean("number", _isNumber);
        if (HasLine)
        {
            foreach (var (name, value) in ((string, double)[])[("low", _low), ("high", _high), ("mean", _mean), ("inverseDeviation", _scale), ("slope", slope)]) json.WriteNumber(name, value);
        }

        json.WriteStartArray(_isNumber ? "edges" : "texts");
        foreach (var edge in _edges) json.WriteNumberValue(edge);
        foreach (var text in _levels.OrderBy(l => l.Value).Select(l => l.Key)) json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteStartArray("levels");
        foreach (var level in levels) json.WriteNumberValue(level);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Square(double x) => x * x;
}
