namespace Streaming.Training.Uplift;

/// <summary>Columns of a trial as trees see them: numbers as they are, each frequent level of a category a column of its own.</summary>
internal sealed class TrialMatrix
{
    private const int MaxLevels = 30;
    private readonly float[] _values;

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Lays out all rows.</summary>
    /// <param name="features">Columns of the trial.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="fitRows">Rows, the first, that say which levels are frequent.</param>
    public TrialMatrix(IReadOnlyList<TrialFeature> features, int rows, int fitRows)
    {
        var columns = features.SelectMany(feature => Of(feature, fitRows)).ToArray();
        Columns = columns.Length;
        _values = new float[rows * Columns];
        for (var c = 0; c < Columns; c++)
        {
            for (var r = 0; r < rows; r++) _values[(r * Columns) + c] = columns[c](r);
        }
    }

    /// <summary>Values of a row.</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Columns, Columns);

    /// <summary>Values of some rows, row by row.</summary>
    public float[] Rows(IReadOnlyList<int> rows)
    {
        var values = new float[rows.Count * Columns];
        for (var i = 0; i < rows.Count; i++) Row(rows[i]).CopyTo(values.AsSpan(i * Columns));
        return values;
    }

    // An empty field stands before all numbers, so that a split can part it from them.
    private static IEnumerable<Func<int, float>> Of(TrialFeature feature, int fitRows)
    {
        if (feature.Numbers is { } numbers) return [row => double.IsFinite(numbers[row]) ? (float)numbers[row] : float.NegativeInfinity];
        var texts = feature.Texts!;
        var levels = texts.Take(fitRows).GroupBy(t => t, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MaxLevels);
        return [.. levels.Select(level => (Func<int, float>)(row => texts[row] == level.Key ? 1 : 0))];
    }
}
