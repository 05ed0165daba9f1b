using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>The hybrid: candidates of all sources in the order of the ranker, all other items behind them in the order of the fall-back.</summary>
internal sealed class HybridMethod(NextItemSources sources, BoostedTrees trees) : INextItemMethod
{
    private const float Behind = -1e30f;
    private readonly HybridCandidates _candidates = new(sources);

    public string Name => "hybrid";

    public void Score(ReadOnlySpan<int> prefix, Span<float> scores)
    {
        _candidates.Gather(prefix);
        for (var item = 0; item < scores.Length; item++) scores[item] = Behind / (1 + _candidates.Fallback(item));
        for (var c = 0; c < _candidates.Count; c++) scores[_candidates.Items[c]] = trees.Score(_candidates.Row(c));
    }
}
