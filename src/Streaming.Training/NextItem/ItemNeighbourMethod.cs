namespace Streaming.Training.NextItem;

/// <summary>Baseline <c>itemKnn</c>: cosine of sessions with the last known click, sessions together / (√(n + 20) · √(n' + 20)) (the form of Hidasi et al., ICLR 2016); never the click itself.</summary>
internal sealed class ItemNeighbourMethod(NeighbourIndex index, ItemCounts counts) : INextItemMethod
{
    private const float Shrinkage = 20;
    private readonly int[] _lastSession = new int[index.Log.ItemCount];
    private int _stamp;

    public string Name => "itemKnn";

    public void Score(ReadOnlySpan<int> prefix, Span<float> scores)
    {
        scores.Clear();
        var last = prefix.Length - 1;
        while (last >= 0 && prefix[last] >= scores.Length) last--;
        if (last < 0) return;
        foreach (var session in index.Sessions(prefix[last], int.MaxValue, out _))
        {
            _stamp++;
            foreach (var item in index.Log[session])
            {
                if (_lastSession[item] == _stamp) continue;
                _lastSession[item] = _stamp;
                scores[item] += 1;
            }
        }

        for (var item = 0; item < scores.Length; item++)
        {
            if (scores[item] > 0) scores[item] /= MathF.Sqrt((counts.Sessions[item] + Shrinkage) * (counts.Sessions[prefix[last]] + Shrinkage));
        }

        scores[prefix[last]] = 0;
    }
}
