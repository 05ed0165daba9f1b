using Streaming.Core.Fold;
using Streaming.Core.Recall;

namespace Streaming.Host.Bench;

/// <summary>A shard's recommender that remembers for whom it was asked, so that the same users can be recalled once more with nothing around it.</summary>
internal sealed class RecallSample(IRecommender inner) : IRecommender
{
    private const int Every = 16, Most = 1_000;
    private readonly List<(UserState User, ItemVectorTable Vectors, long NowMs)> _asked = [];
    private long _asks;

    /// <summary>Lists made.</summary>
    public long Lists { get; private set; }

    /// <summary>Lists whose candidates were gathered late in their batch, without the pass over all vectors.</summary>
    public long Late { get; private set; }

    /// <summary>Some of those it was asked for.</summary>
    public IReadOnlyList<(UserState User, ItemVectorTable Vectors, long NowMs)> Asked => _asked;

    /// <inheritdoc/>
    public void Collect(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet into, bool isLate = false)
    {
        if (isLate) Late++;
        else if (_asks++ % Every == 0 && _asked.Count < Most) _asked.Add((user, vectors, nowMs));
        inner.Collect(user, vectors, nowMs, into, isLate);
    }

    /// <inheritdoc/>
    public void WriteFeatures(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet candidates, Span<float> rows) => inner.WriteFeatures(user, vectors, nowMs, candidates, rows);

    /// <inheritdoc/>
    public void Blend(CandidateSet candidates) => inner.Blend(candidates);

    /// <inheritdoc/>
    public void Rerank(UserState user, long nowMs, CandidateSet candidates, int count)
    {
        Lists++;
        inner.Rerank(user, nowMs, candidates, count);
    }
}
