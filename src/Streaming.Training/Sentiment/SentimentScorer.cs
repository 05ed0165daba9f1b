using System.Runtime.InteropServices;
using Streaming.Training.Churn;

namespace Streaming.Training.Sentiment;

/// <summary>Scores reviews with a model. Not thread-safe: one a thread, over one shared model.</summary>
public sealed class SentimentScorer
{
    private readonly SentimentModel _model;
    private readonly NGrams _reader;
    private readonly NGramScale _scale;
    private readonly float[] _weights = new float[NGrams.Buckets];
    private readonly List<int> _buckets = [], _counts = [];

    /// <summary>Spreads a model's weights out, so that each n-gram is one look.</summary>
    public SentimentScorer(SentimentModel model)
    {
        _model = model;
        _reader = new NGrams(model.Format);
        var scales = new float[NGrams.Buckets];
        for (var i = 0; i < model.Buckets.Length; i++)
        {
            scales[model.Buckets[i]] = model.Scales[i];
            _weights[model.Buckets[i]] = model.Weights[i];
        }

        _scale = new NGramScale(model.Format, scales);
    }

    /// <summary>P(positive), 0 to 1; the model's prior where the review has no n-gram that the model knows.</summary>
    /// <param name="text">The text; what is behind 5,000 characters is not read.</param>
    /// <param name="title">Its title, where there is one.</param>
    public double Probability(string text, string title = "")
    {
        _buckets.Clear();
        _counts.Clear();
        _reader.Read(title, text, _buckets, _counts);
        var (columns, values) = _scale.Vector(CollectionsMarshal.AsSpan(_buckets), CollectionsMarshal.AsSpan(_counts));
        if (columns.Count == 0) return _model.Prior;
        double sum = _model.Constant;
        for (var i = 0; i < columns.Count; i++) sum += (double)_weights[columns[i]] * values[i];
        return LogMath.Sigmoid(_model.Line.Intercept + (_model.Line.Slope * sum));
    }
}
