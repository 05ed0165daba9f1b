namespace Streaming.Training.NextItem;

/// <summary>Baseline <c>popular</c>: clicks in the train file.</summary>
internal sealed class PopularMethod(ItemCounts counts) : INextItemMethod
{
    public string Name => "popular";

    public void Score(ReadOnlySpan<int> prefix, Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++) scores[item] = counts.Clicks[item];
    }
}
