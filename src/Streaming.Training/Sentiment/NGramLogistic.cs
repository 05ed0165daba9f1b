namespace Streaming.Training.Sentiment;

/// <summary>Logistic regression over scaled n-grams: what the model is before it is calibrated, and what the simple logistic baseline is.</summary>
internal sealed class NGramLogistic
{
    private readonly int[] _columnOf;
    private readonly LogisticSolver _solver;

    /// <summary>Prepares rows; nothing is learned of their signs yet.</summary>
    /// <param name="table">Reviews.</param>
    /// <param name="scale">Learned from the same rows.</param>
    /// <param name="rows">Which reviews.</param>
    /// <param name="labels">Answer of each review of the table.</param>
    /// <param name="seed">Seed of the solver's order.</param>
    public NGramLogistic(NGramTable table, NGramScale scale, IReadOnlyList<int> rows, bool[] labels, int seed)
    {
        Scale = scale;
        _columnOf = new int[NGrams.Buckets];
        var width = 0;
        for (var b = 0; b < _columnOf.Length; b++) _columnOf[b] = scale[b] == 0 ? -1 : width++;
        var sparse = new SparseRows();
        foreach (var row in rows)
        {
            var (columns, values) = scale.Vector(table.Buckets(row), table.Counts(row));
            for (var i = 0; i < columns.Count; i++) columns[i] = _columnOf[columns[i]];
            sparse.Add(columns, values);
        }

        _solver = new LogisticSolver(sparse, [.. rows.Select(r => labels[r])], width, seed);
    }

    /// <summary>Scales of the n-grams.</summary>
    public NGramScale Scale { get; }

    /// <summary>The constant.</summary>
    public float Constant => (float)_solver.Weights[^1];

    /// <summary>Learns.</summary>
    /// <param name="cost">Of an error, against the penalty on weights.</param>
    public NGramLogistic Minimise(double cost)
    {
        _solver.Minimise(cost);
        return this;
    }

    /// <summary>Weight of a bucket; 0 where it is not known.</summary>
    public float Weight(int bucket) => _columnOf[bucket] < 0 ? 0 : (float)_solver.Weights[_columnOf[bucket]];

    /// <summary>Log-odds of positive; null where no n-gram is known.</summary>
    public double? Logit(ReadOnlySpan<int> buckets, ReadOnlySpan<int> counts)
    {
        var (columns, values) = Scale.Vector(buckets, counts);
        if (columns.Count == 0) return null;
        double sum = Constant;
        for (var i = 0; i < columns.Count; i++) sum += (double)Weight(columns[i]) * values[i];
        return sum;
    }
}
