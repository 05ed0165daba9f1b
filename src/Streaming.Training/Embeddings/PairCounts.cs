namespace Streaming.Training.Embeddings;

/// <summary>
/// Which items share sessions. A pair at distance d within the window adds 1/d in one session; a basket whose items carry one time has no order, and each of its pairs adds the
/// window's mean weight.
/// </summary>
internal sealed class PairCounts
{
    private readonly Dictionary<(int, int), float> _pairs = [];
    private readonly EmbeddingTrainerOptions _options;
    private readonly float _unordered;

    public PairCounts(EmbeddingTrainerOptions options)
    {
        _options = options;
        _unordered = (float)(Enumerable.Range(1, options.Window).Sum(d => 1.0 / d) / options.Window);
    }

    /// <summary>Adds a session's distinct items, in order of first action.</summary>
    /// <param name="items">Item numbers.</param>
    /// <param name="isOrdered">False for a basket.</param>
    public void Add(List<int> items, bool isOrdered)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var end = isOrdered ? Math.Min(items.Count, i + _options.Window + 1) : items.Count;
            for (var j = i + 1; j < end; j++)
            {
                var pair = items[i] < items[j] ? (items[i], items[j]) : (items[j], items[i]);
                _pairs[pair] = _pairs.GetValueOrDefault(pair) + (isOrdered ? 1f / (j - i) : _unordered);
            }
        }
    }

    /// <summary>
    /// Positive pointwise mutual information, max(0, log(#(i,j) S / (#i #j^α))), made symmetric by taking the mean of both ways: what skip-gram with negative sampling
    /// factorises implicitly (Levy and Goldberg, 2014; α: Levy, Goldberg and Dagan, 2015).
    /// </summary>
    /// <param name="count">Number of items.</param>
    public SparseSymmetric Ppmi(int count)
    {
        var kept = _pairs.Where(p => p.Value >= _options.MinPairWeight).OrderBy(p => p.Key.Item1).ThenBy(p => p.Key.Item2).ToArray();
        var sums = new double[count];
        foreach (var ((a, b), weight) in kept)
        {
            sums[a] += weight;
            sums[b] += weight;
        }

        var smoothed = Array.ConvertAll(sums, s => Math.Pow(s, _options.ContextSmoothing));
        var total = smoothed.Sum();
        var values = kept.Select(p => (p.Key, Value: (float)((Information(p.Key.Item1, p.Key.Item2, p.Value) + Information(p.Key.Item2, p.Key.Item1, p.Value)) / 2))).Where(p => p.Value > 0).ToArray();
        return Symmetric(values, count);

        double Information(int i, int j, double weight) => Math.Max(0, Math.Log(weight * total / (sums[i] * smoothed[j])));
    }

    private static SparseSymmetric Symmetric(((int A, int B) Key, float Value)[] values, int count)
    {
        var starts = new int[count + 1];
        foreach (var ((a, b), _) in values)
        {
            starts[a + 1]++;
            starts[b + 1]++;
        }

        for (var i = 0; i < count; i++) starts[i + 1] += starts[i];
        var columns = new int[values.Length * 2];
        var cells = new float[columns.Length];
        var next = starts[..count];
        foreach (var ((a, b), value) in values) // ascending by (a, b): the lower half of each row comes first, in order
        {
            (columns[next[b]], cells[next[b]++]) = (a, value);
        }

        foreach (var ((a, b), value) in values)
        {
            (columns[next[a]], cells[next[a]++]) = (b, value);
        }

        return new SparseSymmetric(starts, columns, cells);
    }
}
