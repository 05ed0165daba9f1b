namespace Streaming.Training.Uplift;

/// <summary>Columns of a trial as trees see them: numbers in up to 64 bins of equal mass with their own for empty fields, each frequent level of a category a column of its own.</summary>
internal static class TreeBins
{
    /// <summary>Bins of every column.</summary>
    public const int Count = 65;
    private const int MaxLevels = 30;

    /// <summary>Bin of each value, [column][row]; edges are those of the rows that models are fitted on.</summary>
    public static byte[][] Of(IReadOnlyList<TrialFeature> features, int fitRows)
    {
        var columns = new List<byte[]>();
        foreach (var feature in features)
        {
            if (feature.Numbers is { } numbers)
            {
                double[] sorted = [.. numbers.Take(fitRows).Where(double.IsFinite).Order()];
                double[] edges = sorted.Length == 0 ? [] : [.. Enumerable.Range(1, Count - 2).Select(b => sorted[(int)((long)b * sorted.Length / (Count - 1))]).Distinct()];
                columns.Add([.. numbers.Select(x => (byte)(double.IsFinite(x) ? Above(edges, x) + 1 : 0))]);
                continue;
            }

            var levels = feature.Texts!.Take(fitRows).GroupBy(t => t, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MaxLevels);
            foreach (var level in levels) columns.Add([.. feature.Texts!.Select(t => (byte)(t == level.Key ? 1 : 0))]);
        }

        return [.. columns];
    }

    private static int Above(double[] edges, double x)
    {
        var at = Array.BinarySearch(edges, x);
        return at >= 0 ? at + 1 : ~at;
    }
}
