using Streaming.Training.Churn;

namespace Streaming.Training.Sentiment;

/// <summary>
/// Learns a model from reviews with answers. 1. Their n-grams are read once. 2. Each fold is scored by models of the other folds, one for each cost: scales, weights and all. 3. The cost with the least log-loss on those scores is taken, and the
/// line that calibrates them. 4. All reviews are learned with that cost. Nothing but these reviews has a say.
/// </summary>
internal sealed class SentimentFitter
{
    /// <summary>Costs tried, rising: each begins where the one before ended.</summary>
    public static readonly IReadOnlyList<double> Costs = [1, 3, 10, 30];

    /// <summary>Fewest reviews with something to read that are needed of each answer.</summary>
    public const int FewestOfAnswer = 10;

    private const double LineRidge = 1;
    private readonly ReviewFormat _format;
    private readonly ReviewSet _set;
    private readonly int _seed;
    private readonly bool[] _labels;

    /// <summary>Reads n-grams.</summary>
    /// <param name="set">Reviews.</param>
    /// <param name="format">Their form.</param>
    /// <param name="seed">Seed of folds and orders.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">One answer alone, or too few of one.</exception>
    public SentimentFitter(ReviewSet set, ReviewFormat format, int seed, Action<double>? progress, CancellationToken cancellation)
    {
        (_set, _format, _seed) = (set, format, seed);
        _labels = [.. set.Reviews.Select(r => r.Positive)];
        Table = NGramTable.Of(set.Reviews, format, progress, cancellation);
        Rows = [.. Enumerable.Range(0, Table.Count).Where(r => Table.Buckets(r).Length > 0)];
        var positive = Rows.Count(r => _labels[r]);
        if (positive == 0 || positive == Rows.Length) throw new InvalidDataException($"all {Rows.Length} reviews with a text have the answer {(positive == 0 ? 0 : 1)}: there is nothing to tell apart");
        if (positive < FewestOfAnswer || Rows.Length - positive < FewestOfAnswer) throw new InvalidDataException($"{positive} positive and {Rows.Length - positive} negative reviews with a text; {FewestOfAnswer} of each are needed");
    }

    /// <summary>N-grams of the reviews.</summary>
    public NGramTable Table { get; }

    /// <summary>Reviews with something to read.</summary>
    public int[] Rows { get; }

    /// <summary>The cost that was taken.</summary>
    public double Cost { get; private set; }

    /// <summary>Naive Bayes on the same reviews.</summary>
    public NaiveBayes Bayes() => NaiveBayes.Fit(Table, Rows, _labels);

    /// <summary>The simplest logistic regression on the same reviews: idf alone, cost 1, words and pairs (or 1 to 3 characters), whatever they are in.</summary>
    public NGramLogistic Plain() =>
        new NGramLogistic(Table, NGramScale.Fit(Table, _format, Rows, _labels, fewest: 1, ratios: false, groups: _format == ReviewFormat.Reviews ? 1 : NGrams.Groups), Rows, _labels, _seed).Minimise(1);

    /// <summary>Learns.</summary>
    /// <param name="folds">Folds of the choice of a cost.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public SentimentModel Fit(int folds, Action<double>? progress, CancellationToken cancellation)
    {
        var foldOf = ReviewFolds.Deal(_set, folds, _seed);
        double[][] scores = [.. Costs.Select(_ => new double[Table.Count])];
        for (var fold = 0; fold < folds; fold++)
        {
            int[] learned = [.. Rows.Where(r => foldOf[r] != fold)];
            var logistic = new NGramLogistic(Table, NGramScale.Fit(Table, _format, learned, _labels), learned, _labels, _seed);
            for (var c = 0; c < Costs.Count; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                logistic.Minimise(Costs[c]);
                foreach (var row in Rows.Where(r => foldOf[r] == fold)) scores[c][row] = LogMath.Sigmoid(logistic.Logit(Table.Buckets(row), Table.Counts(row)) ?? logistic.Constant);
                progress?.Invoke(((fold * Costs.Count) + c + 1.0) / ((folds + 1) * Costs.Count));
            }
        }

        bool[] answers = [.. Rows.Select(r => _labels[r])];
        double[][] left = [.. scores.Select(s => Rows.Select(r => s[r]).ToArray())];
        var best = Enumerable.Range(0, Costs.Count).MinBy(c => BinaryMetrics.LogLoss(left[c], answers));
        Cost = Costs[best];
        return Model(CalibrationLine.Fit(left[best], answers, LineRidge), (double)_labels.Take(Table.Count).Count(l => l) / Table.Count);
    }

    private SentimentModel Model(CalibrationLine line, double prior)
    {
        var logistic = new NGramLogistic(Table, NGramScale.Fit(Table, _format, Rows, _labels), Rows, _labels, _seed).Minimise(Cost);
        int[] buckets = [.. Enumerable.Range(0, NGrams.Buckets).Where(b => logistic.Scale[b] != 0)];
        return new SentimentModel
        {
            Format = _format, FitTexts = Table.Count, Prior = prior, Line = line, Constant = logistic.Constant,
            Buckets = buckets, Scales = [.. buckets.Select(b => logistic.Scale[b])], Weights = [.. buckets.Select(logistic.Weight)],
        };
    }
}
