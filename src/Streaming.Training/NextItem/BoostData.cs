namespace Streaming.Training.NextItem;

/// <summary>Ranker rows in groups of one position each, features as bins: a bin's upper end is one of the feature's quantiles.</summary>
internal sealed class BoostData
{
    /// <summary>Most bins of a feature.</summary>
    public const int Bins = 256;

    /// <summary>Bins of all rows, row by row.</summary>
    public required byte[] Rows { get; init; }
    /// <summary>Features of a row.</summary>
    public required int Features { get; init; }
    /// <summary>Where each group begins, and the end of the last.</summary>
    public required int[] Groups { get; init; }
    /// <summary>The right row of each group.</summary>
    public required int[] Positives { get; init; }
    /// <summary>How many rows each row stands for.</summary>
    public required float[] Weights { get; init; }
    /// <summary>Upper ends of each feature's bins but the last, rising.</summary>
    public required float[][] Ends { get; init; }

    /// <summary>Rows.</summary>
    public int RowCount => Groups[^1];

    /// <summary>Bins values.</summary>
    /// <param name="values">Row by row.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="groups">See <see cref="Groups"/>.</param>
    /// <param name="positives">See <see cref="Positives"/>.</param>
    /// <param name="weights">See <see cref="Weights"/>.</param>
    public static BoostData From(IReadOnlyList<float[]> values, int features, int[] groups, int[] positives, float[] weights)
    {
        var ends = new float[features][];
        for (var f = 0; f < features; f++) ends[f] = Quantiles(values, f, features);
        var rows = new byte[groups[^1] * features];
        var at = 0;
        foreach (var group in values)
        {
            for (var i = 0; i < group.Length; i++, at++) rows[at] = Bin(ends[i % features], group[i]);
        }

        return new BoostData { Rows = rows, Features = features, Groups = groups, Positives = positives, Weights = weights, Ends = ends };
    }

    private static byte Bin(float[] ends, float value)
    {
        var at = Array.BinarySearch(ends, value);
        return (byte)(at < 0 ? ~at : at);
    }

    // From some 100,000 rows, evenly taken.
    private static float[] Quantiles(IReadOnlyList<float[]> values, int feature, int features)
    {
        const int Most = 100_000;
        var all = values.Sum(group => (long)group.Length / features);
        var step = Math.Max(1, all / Most);
        var sample = new List<float>();
        var row = 0L;
        foreach (var group in values)
        {
            for (var i = feature; i < group.Length; i += features, row++)
            {
                if (row % step == 0) sample.Add(group[i]);
            }
        }

        sample.Sort();
        var ends = new List<float>();
        for (var b = 1; b < Bins && sample.Count > 0; b++)
        {
            var end = sample[(int)((long)sample.Count * b / Bins)];
            if ((ends.Count == 0 || end > ends[^1]) && end < sample[^1]) ends.Add(end);
        }

        return [.. ends];
    }
}
