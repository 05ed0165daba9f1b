using Streaming.Training.Churn;

namespace Streaming.Training.Sentiment;

/// <summary>What was learned: P(positive) of a review is σ(line of (constant + Σ weight × value of its n-grams)). Immutable; <see cref="SentimentScorer"/> reads reviews with it.</summary>
public sealed class SentimentModel
{
    /// <summary>Form of the reviews.</summary>
    public required ReviewFormat Format { get; init; }
    /// <summary>Reviews that were learned from.</summary>
    public required int FitTexts { get; init; }
    /// <summary>Share of them that is positive: the answer where a text says nothing.</summary>
    public required double Prior { get; init; }
    /// <summary>Shift and scale of the logit, so that probabilities hold; found on reviews that had no part in the weights.</summary>
    public required CalibrationLine Line { get; init; }
    /// <summary>Logit of a text without any weight.</summary>
    public required float Constant { get; init; }
    /// <summary>Buckets of the known n-grams, rising.</summary>
    public required int[] Buckets { get; init; }
    /// <summary>What each weighs before its sign.</summary>
    public required float[] Scales { get; init; }
    /// <summary>What was learned of each.</summary>
    public required float[] Weights { get; init; }
    /// <summary>N-grams known.</summary>
    public int NGramsKnown => Buckets.Length;

    /// <summary>sha256 of the model's file.</summary>
    public string Hash() => ModelHash.Of(SentimentModelFile.Write(this));
}
