namespace Streaming.Training.Sentiment;

/// <summary>Baseline: multinomial naive Bayes on counts of the first group (words and pairs, or characters and pairs), one added to each count.</summary>
internal sealed class NaiveBayes
{
    private readonly float[] _logRatios;
    private readonly double _prior;

    private NaiveBayes(float[] logRatios, double prior) => (_logRatios, _prior) = (logRatios, prior);

    /// <summary>Fits.</summary>
    /// <param name="table">Reviews.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="labels">Answer of each review of the table.</param>
    public static NaiveBayes Fit(NGramTable table, IReadOnlyList<int> rows, bool[] labels)
    {
        const int buckets = 1 << NGrams.GroupBits;
        var (positive, negative) = (new int[buckets], new int[buckets]);
        var positives = 0;
        foreach (var row in rows)
        {
            var into = labels[row] ? positive : negative;
            if (labels[row]) positives++;
            var (at, counts) = (table.Buckets(row).ToArray(), table.Counts(row).ToArray());
            for (var i = 0; i < at.Length; i++)
            {
                if (NGrams.GroupOf(at[i]) == 0) into[at[i]] += counts[i];
            }
        }

        var seen = 0;
        var (inPositive, inNegative) = (0L, 0L);
        for (var b = 0; b < buckets; b++)
        {
            if (positive[b] + negative[b] > 0) seen++;
            inPositive += positive[b];
            inNegative += negative[b];
        }

        var ratios = new float[buckets];
        for (var b = 0; b < buckets; b++)
        {
            if (positive[b] + negative[b] > 0) ratios[b] = (float)(Math.Log((positive[b] + 1.0) / (inPositive + seen)) - Math.Log((negative[b] + 1.0) / (inNegative + seen)));
        }

        return new NaiveBayes(ratios, Math.Log((double)positives / (rows.Count - positives)));
    }

    /// <summary>Log-odds of positive; n-grams that were never seen have no say.</summary>
    public double Logit(ReadOnlySpan<int> buckets, ReadOnlySpan<int> counts)
    {
        var sum = _prior;
        for (var i = 0; i < buckets.Length; i++)
        {
            if (NGrams.GroupOf(buckets[i]) == 0) sum += counts[i] * (double)_logRatios[buckets[i]];
        }

        return sum;
    }
}
