namespace Streaming.Training.Trees;

/// <summary>Each feature's values as numbers of bins between at most 255 thresholds, column by column.</summary>
internal sealed class BinnedRows
{
    /// <summary>Upper ends of each feature's bins but the last; a value at most the end belongs to the bin.</summary>
    public float[][] Ends { get; }
    /// <summary>Bin of each row, by feature.</summary>
    public byte[][] Bins { get; }

    /// <summary>Cuts bins of about equal mass.</summary>
    /// <param name="rows">Row-major.</param>
    /// <param name="features">Columns.</param>
    /// <param name="bins">Most bins.</param>
    public BinnedRows(float[] rows, int features, int bins)
    {
        var count = rows.Length / features;
        Ends = new float[features][];
        Bins = new byte[features][];
        var column = new float[count];
        for (var f = 0; f < features; f++)
        {
            for (var r = 0; r < count; r++) column[r] = rows[(r * features) + f];
            var of = new byte[count];
            Ends[f] = Cut(column, bins);
            for (var r = 0; r < count; r++) of[r] = BinOf(Ends[f], column[r]);
            Bins[f] = of;
        }
    }

    private static float[] Cut(float[] column, int bins)
    {
        var sorted = (float[])column.Clone();
        Array.Sort(sorted);
        var ends = new List<float>();
        for (var bin = 1; bin < bins && sorted.Length > 0; bin++)
        {
            var value = sorted[(int)((long)sorted.Length * bin / bins)];
            if (value < sorted[^1] && (ends.Count == 0 || value > ends[^1])) ends.Add(value);
        }

        return [.. ends];
    }

    private static byte BinOf(float[] ends, float value)
    {
        var (low, high) = (0, ends.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (value <= ends[middle]) high = middle;
            else low = middle + 1;
        }

        return (byte)low;
    }
}
