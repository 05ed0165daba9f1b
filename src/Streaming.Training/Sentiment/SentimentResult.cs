namespace Streaming.Training.Sentiment;

/// <summary>Result of <c>evaluate sentiment</c>; serialised in camel case it is the command's result line. Intervals: 95 %, by draws of reviews with replacement, the same draws for all methods.</summary>
public sealed record SentimentResult
{
    /// <summary>Reviews scored.</summary>
    public required int Texts { get; init; }
    /// <summary>Share of them that is positive.</summary>
    public required double BaseRate { get; init; }
    /// <summary>Area under the ROC curve, ties a half; NaN where one answer is missing.</summary>
    public required double Auroc { get; init; }
    /// <summary>Ends of its interval.</summary>
    public required double AurocLow { get; init; }
    /// <summary>See <see cref="AurocLow"/>.</summary>
    public required double AurocHigh { get; init; }
    /// <summary>Share answered rightly, positive being said from a probability of ½ on.</summary>
    public required double Accuracy { get; init; }
    /// <summary>Ends of its interval.</summary>
    public required double AccuracyLow { get; init; }
    /// <summary>See <see cref="AccuracyLow"/>.</summary>
    public required double AccuracyHigh { get; init; }
    /// <summary>Mean −ln of the probability given to what was said, nats.</summary>
    public required double LogLoss { get; init; }
    /// <summary>Ends of its interval.</summary>
    public required double LogLossLow { get; init; }
    /// <summary>See <see cref="LogLossLow"/>.</summary>
    public required double LogLossHigh { get; init; }
    /// <summary>Expected calibration error over 10 bins of equal mass.</summary>
    public required double Ece { get; init; }
    /// <summary>95th percentile of it where the probabilities are true.</summary>
    public required double EceNoise95 { get; init; }
    /// <summary>Milliseconds to score one text, from its characters on, one thread: a report of this machine in this hour.</summary>
    public required double MsPerText { get; init; }
    /// <summary>Ends of its interval, by draws of blocks of 32 texts.</summary>
    public required double MsPerTextLow { get; init; }
    /// <summary>See <see cref="MsPerTextLow"/>.</summary>
    public required double MsPerTextHigh { get; init; }
    /// <summary>By baseline: majority, naiveBayes, logistic.</summary>
    public required IReadOnlyDictionary<string, SentimentBaseline> Baselines { get; init; }
    /// <summary>Reviews of the fit file.</summary>
    public required int FitTexts { get; init; }
    /// <summary>Of them, left out because the room for n-grams was full.</summary>
    public required int FitTextsLeftOut { get; init; }
    /// <summary>Cost of an error that was chosen, one for each model.</summary>
    public required IReadOnlyList<double> Costs { get; init; }
    /// <summary>N-grams that each model knows.</summary>
    public required IReadOnlyList<int> NGramsKnown { get; init; }
    /// <summary>Scored reviews with nothing to read: they get the prior.</summary>
    public required int EmptyTexts { get; init; }
    /// <summary>Scored reviews that were cut at <see cref="MaxTextLength"/>.</summary>
    public required int CutTexts { get; init; }
    /// <summary>Longest text taken, UTF-16 units.</summary>
    public required int MaxTextLength { get; init; }
    /// <summary>Scored reviews whose very title and text were learned from.</summary>
    public required int TextsAlsoLearned { get; init; }
    /// <summary>sha256 of the model of the whole fit file; absent with folds, unless that model was written.</summary>
    public string? ModelHash { get; init; }
    /// <summary>Seconds until the models stood.</summary>
    public required double FitSeconds { get; init; }
    /// <summary>Rows that cannot be used.</summary>
    public required long BadRows { get; init; }
    /// <summary>Line and reason of the first of them.</summary>
    public required IReadOnlyList<string> BadRowsNamed { get; init; }
}

/// <summary>Figures of one baseline, and how far the model is ahead of it on the same draws of reviews.</summary>
public sealed record SentimentBaseline
{
    /// <summary>As <see cref="SentimentResult.Auroc"/>.</summary>
    public required double Auroc { get; init; }
    /// <summary>As <see cref="SentimentResult.Accuracy"/>.</summary>
    public required double Accuracy { get; init; }
    /// <summary>Auroc of the model less that of the baseline.</summary>
    public required double AurocGain { get; init; }
    /// <summary>Ends of its interval, paired.</summary>
    public required double AurocGainLow { get; init; }
    /// <summary>See <see cref="AurocGainLow"/>.</summary>
    public required double AurocGainHigh { get; init; }
    /// <summary>Accuracy of the model less that of the baseline.</summary>
    public required double AccuracyGain { get; init; }
    /// <summary>Ends of its interval, paired.</summary>
    public required double AccuracyGainLow { get; init; }
    /// <summary>See <see cref="AccuracyGainLow"/>.</summary>
    public required double AccuracyGainHigh { get; init; }
}
