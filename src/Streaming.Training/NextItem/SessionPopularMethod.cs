namespace Streaming.Training.NextItem;

/// <summary>Baseline <c>sPop</c>: clicks in the session itself; equally many: the more popular item (S-POP of Hidasi et al., "Session-based recommendations with recurrent neural networks", ICLR 2016).</summary>
internal sealed class SessionPopularMethod(ItemCounts counts) : INextItemMethod
{
    private readonly float _most = 1f + Math.Max(1, counts.Clicks.DefaultIfEmpty(1).Max());

    public string Name => "sPop";

    public void Score(ReadOnlySpan<int> prefix, Span<float> scores)
    {
        for (var item = 0; item < scores.Length; item++) scores[item] = counts.Clicks[item] / _most;
        foreach (var item in prefix)
        {
            if (item < scores.Length) scores[item]++;
        }
    }
}
