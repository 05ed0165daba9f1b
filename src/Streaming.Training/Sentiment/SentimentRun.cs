using Streaming.Training.Churn;

namespace Streaming.Training.Sentiment;

/// <summary>Models of an evaluation, and what they said of the reviews that they did not learn from.</summary>
internal sealed class SentimentRun(SentimentOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
{
    /// <summary>Name of the model among <see cref="Scores"/>.</summary>
    public const string Model = "model";

    private const string Majority = "majority", Bayes = "naiveBayes", Logistic = "logistic";

    /// <summary>P(positive) by method, one a scored review.</summary>
    public Dictionary<string, List<double>> Scores { get; } = new(StringComparer.Ordinal) { [Model] = [], [Majority] = [], [Bayes] = [], [Logistic] = [] };
    /// <summary>Answers of the scored reviews.</summary>
    public List<bool> Labels { get; } = [];
    /// <summary>Cost chosen by each model.</summary>
    public List<double> Costs { get; } = [];
    /// <summary>N-grams known to each model.</summary>
    public List<int> NGramsKnown { get; } = [];
    /// <summary>Time of scoring.</summary>
    public ScoringTime Time { get; } = new();
    /// <summary>Seconds of learning.</summary>
    public double FitSeconds { get; set; }
    /// <summary>Reviews that were not learned from for want of room.</summary>
    public int LeftOut { get; private set; }
    /// <summary>Scored reviews with nothing to read.</summary>
    public int EmptyTexts { get; private set; }
    /// <summary>Scored reviews that were cut.</summary>
    public int CutTexts { get; private set; }
    /// <summary>Scored reviews that were learned from as well.</summary>
    public int AlsoLearned { get; private set; }

    /// <summary>Learns the model and the baselines from some reviews.</summary>
    public SentimentMethods Learn(ReviewSet from, string which)
    {
        Action<double> Show(string stage) => share => progress?.Report(new TrainProgress(stage + which, share));
        var fitter = new SentimentFitter(from, options.Format, options.Seed, Show("read"), cancellation);
        var model = fitter.Fit(options.Folds, Show("fit"), cancellation);
        Costs.Add(fitter.Cost);
        NGramsKnown.Add(model.NGramsKnown);
        LeftOut += from.Reviews.Length - fitter.Table.Count;
        return new SentimentMethods(model, fitter.Bayes(), fitter.Plain());
    }

    /// <summary>Scores reviews, and notes their answers.</summary>
    public void Score(SentimentMethods methods, ReviewSet learned, ReviewSet test)
    {
        Scores[Model].AddRange(Time.Score(new SentimentScorer(methods.Model), test.Reviews));
        var table = NGramTable.Of(test.Reviews, options.Format, null, cancellation, int.MaxValue);
        var known = learned.Keys.ToHashSet();
        for (var r = 0; r < test.Reviews.Length; r++)
        {
            var (buckets, counts) = (table.Buckets(r).ToArray(), table.Counts(r).ToArray());
            Labels.Add(test.Reviews[r].Positive);
            Scores[Majority].Add(methods.Model.Prior);
            Scores[Bayes].Add(LogMath.Sigmoid(methods.Bayes.Logit(buckets, counts)));
            Scores[Logistic].Add(methods.Plain.Logit(buckets, counts) is { } logit ? LogMath.Sigmoid(logit) : methods.Model.Prior);
            if (buckets.Length == 0) EmptyTexts++;
            else if (known.Contains(test.Keys[r])) AlsoLearned++;
            if (test.Reviews[r].Text.Length > ReviewText.MaxLength || test.Reviews[r].Title.Length > ReviewText.MaxLength) CutTexts++;
        }
    }
}

/// <summary>What was learned from the same reviews.</summary>
/// <param name="Model">The model.</param>
/// <param name="Bayes">Naive Bayes.</param>
/// <param name="Plain">Logistic regression with idf alone.</param>
internal sealed record SentimentMethods(SentimentModel Model, NaiveBayes Bayes, NGramLogistic Plain);
