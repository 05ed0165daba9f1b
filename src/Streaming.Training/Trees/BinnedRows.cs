namespace Streaming.Training.Trees;

/// <summary>Rows whose values are numbers of bins, row by row: a row's bins lie together, so that counting a leaf reads each of its rows once.</summary>
internal sealed class BinnedRows
{
    /// <summary>Most bins of a feature: one byte.</summary>
    public const int MostBins = 256;

    private const int MostSampled = 100_000;

    /// <summary>Rows.</summary>
    public required int Count { get; init; }
    /// <summary>Features of a row.</summary>
    public required int Features { get; init; }
    /// <summary>Bins that each feature has room for.</summary>
    public required int BinsAFeature { get; init; }
    /// <summary>Bin of each value, [row, feature].</summary>
    public required byte[] Bins { get; init; }
    /// <summary>Upper ends of each feature's bins but the last, rising: a value at most the end belongs to the bin. Empty for a feature that never varies.</summary>
    public required float[][] Ends { get; init; }

    /// <summary>Cuts bins of about equal mass, at the values of some 100,000 rows, evenly taken. A value that is no number is in the last bin.</summary>
    /// <param name="blocks">Values, row by row, whole rows in each block.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="bins">Most bins of a feature, 2 to 256.</param>
    public static BinnedRows Cut(IReadOnlyList<float[]> blocks, int features, int bins)
    {
        var count = (int)blocks.Sum(block => (long)block.Length / features);
        var ends = new float[features][];
        for (var f = 0; f < features; f++) ends[f] = EqualMass(blocks, f, features, bins, Math.Max(1, count / MostSampled));
        var of = new byte[count * features];
        var at = 0;
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Length; i++, at++) of[at] = BinOf(ends[i % features], block[i]);
        }

        return new BinnedRows { Count = count, Features = features, BinsAFeature = bins, Bins = of, Ends = ends };
    }

    private static float[] EqualMass(IReadOnlyList<float[]> blocks, int feature, int features, int bins, int step)
    {
        var sample = new List<float>();
        var row = 0L;
        foreach (var block in blocks)
        {
            for (var i = feature; i < block.Length; i += features, row++)
            {
                if (row % step == 0) sample.Add(block[i]);
            }
        }

        sample.Sort();
        var ends = new List<float>();
        for (var bin = 1; bin < bins && sample.Count > 0; bin++)
        {
            var end = sample[(int)((long)sample.Count * bin / bins)];
            if ((ends.Count == 0 || end > ends[^1]) && end < sample[^1]) ends.Add(end);
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
