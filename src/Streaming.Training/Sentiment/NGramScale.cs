namespace Streaming.Training.Sentiment;

/// <summary>
/// What an n-gram weighs before anything is learned of its sign, and a review as a vector of such weights. Value: (1 + ln count) × idf × (½ + |ln ratio of its shares among positive and negative reviews|), each scope of groups then of length one.
/// idf is ln((1 + reviews) / (1 + reviews with it)) + 1; the ratio is that of Wang and Manning, "Baselines and bigrams", 2012, one added to each count; the ½ leaves n-grams a voice that are as common in both.
/// </summary>
internal sealed class NGramScale
{
    private const double Neutral = 0.5;
    private readonly float[] _scale;
    private readonly int[] _scopes;
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];

    /// <summary>Scales by bucket.</summary>
    /// <param name="format">Form of the reviews: it says which groups are brought to length one together.</param>
    /// <param name="scale">By bucket; 0: not known, and not counted.</param>
    public NGramScale(ReviewFormat format, float[] scale)
    {
        _scale = scale;
        _scopes = format == ReviewFormat.Reviews ? [0, 1, 2] : [0, 0, 0];
    }

    /// <summary>Scale of a bucket; 0: not known.</summary>
    public float this[int bucket] => _scale[bucket];

    /// <summary>Learns the scales of some reviews.</summary>
    /// <param name="table">Reviews.</param>
    /// <param name="format">Their form.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="labels">Answer of each review of the table.</param>
    /// <param name="fewest">Reviews that an n-gram must be in.</param>
    /// <param name="ratios">False: idf alone.</param>
    /// <param name="groups">Groups below this one take part.</param>
    public static NGramScale Fit(NGramTable table, ReviewFormat format, IReadOnlyList<int> rows, bool[] labels, int fewest = 2, bool ratios = true, int groups = NGrams.Groups)
    {
        var (with, positiveWith) = (new int[NGrams.Buckets], new int[NGrams.Buckets]);
        var positive = 0;
        foreach (var row in rows)
        {
            if (labels[row]) positive++;
            foreach (var bucket in table.Buckets(row))
            {
                with[bucket]++;
                if (labels[row]) positiveWith[bucket]++;
            }
        }

        var scale = new float[NGrams.Buckets];
        for (var bucket = 0; bucket < groups << NGrams.GroupBits; bucket++)
        {
            if (with[bucket] < fewest) continue;
            var idf = Math.Log((1.0 + rows.Count) / (1 + with[bucket])) + 1;
            var ratio = Math.Log((positiveWith[bucket] + 1.0) / (positive + 2)) - Math.Log((with[bucket] - positiveWith[bucket] + 1.0) / (rows.Count - positive + 2));
            scale[bucket] = (float)(ratios ? idf * (Neutral + Math.Abs(ratio)) : idf);
        }

        return new NGramScale(format, scale);
    }

    /// <summary>A review as a vector: columns are buckets. Both lists are valid until the next call, which makes it not thread-safe.</summary>
    public (List<int> Columns, List<float> Values) Vector(ReadOnlySpan<int> buckets, ReadOnlySpan<int> counts)
    {
        _columns.Clear();
        _values.Clear();
        Span<double> squares = stackalloc double[NGrams.Groups];
        squares.Clear();
        for (var i = 0; i < buckets.Length; i++)
        {
            if (_scale[buckets[i]] == 0) continue;
            var value = _scale[buckets[i]] * (counts[i] == 1 ? 1 : 1 + Math.Log(counts[i]));
            squares[_scopes[NGrams.GroupOf(buckets[i])]] += value * value;
            _columns.Add(buckets[i]);
            _values.Add((float)value);
        }

        for (var i = 0; i < _columns.Count; i++) _values[i] = (float)(_values[i] / Math.Sqrt(squares[_scopes[NGrams.GroupOf(_columns[i])]]));
        return (_columns, _values);
    }
}
