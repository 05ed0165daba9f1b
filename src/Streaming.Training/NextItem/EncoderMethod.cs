namespace Streaming.Training.NextItem;

/// <summary>The session encoder as a method of its own.</summary>
internal sealed class EncoderMethod(EncoderScorer scorer) : INextItemMethod
{
    public string Name => "encoder";

    public void Score(ReadOnlySpan<int> prefix, Span<float> scores) => scorer.Score(prefix, scores);
}
