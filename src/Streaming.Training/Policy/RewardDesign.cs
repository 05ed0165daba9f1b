using System.Globalization;

namespace Streaming.Training.Policy;

/// <summary>
/// Columns by which the reward model knows a cell: the intercept, its position, its item's features, and each of these once more for its position alone. Sparse: a cell has few of them. Texts are levels, one column each, those of most items
/// first; a feature whose every text is a number is one column in standard deviations.
/// </summary>
internal sealed class RewardDesign
{
    private const int MaxLevels = 60;
    private const int MaxColumns = 400;
    private readonly (int Column, double Value)[][] _items;

    /// <summary>Columns of items at positions.</summary>
    public RewardDesign(PolicyItems items, int positions)
    {
        var columns = new List<(int, double)>[items.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = [];
        var features = 0;
        foreach (var texts in items.Features) features += Add(texts, columns, features);
        _items = [.. columns.Select(c => c.ToArray())];
        (Features, Positions) = (features, positions);
        Crossed = 1 + positions + (features * (1 + positions)) <= MaxColumns;
        Columns = 1 + positions + (features * (Crossed ? 1 + positions : 1));
    }

    /// <summary>Columns of the items' features.</summary>
    public int Features { get; }

    /// <summary>Number of positions.</summary>
    public int Positions { get; }

    /// <summary>Whether features are there once more for each position.</summary>
    public bool Crossed { get; }

    /// <summary>All columns; the first is the intercept.</summary>
    public int Columns { get; }

    /// <summary>Columns of a cell that are not 0, in order.</summary>
    public List<(int Column, double Value)> Row(int item, int position)
    {
        List<(int, double)> row = [(0, 1), (1 + position, 1)];
        var from = 1 + Positions;
        row.AddRange(_items[item].Select(c => (from + c.Column, c.Value)));
        if (Crossed) row.AddRange(_items[item].Select(c => (from + (Features * (1 + position)) + c.Column, c.Value)));
        return row;
    }

    private static int Add(string[] texts, List<(int, double)>[] columns, int from)
    {
        if (from >= MaxLevels) return 0;
        if (Numbers(texts) is { } numbers)
        {
            var mean = numbers.Average();
            var deviation = Math.Sqrt(numbers.Sum(n => (n - mean) * (n - mean)) / numbers.Length);
            if (!(deviation > 0) || !double.IsFinite(deviation)) return 0;
            for (var i = 0; i < numbers.Length; i++) columns[i].Add((from, (numbers[i] - mean) / deviation));
            return 1;
        }

        var levels = texts.GroupBy(t => t, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MaxLevels - from).Select((g, i) => (g.Key, i)).ToDictionary(g => g.Key, g => g.i, StringComparer.Ordinal);
        for (var i = 0; i < texts.Length; i++)
        {
            if (levels.Count > 1 && levels.TryGetValue(texts[i], out var level)) columns[i].Add((from + level, 1));
        }

        return levels.Count > 1 ? levels.Count : 0; // what all items have tells nothing
    }

    private static double[]? Numbers(string[] texts)
    {
        var numbers = new double[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) return null;
        }

        return numbers;
    }
}
