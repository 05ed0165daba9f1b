using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Score;

namespace Streaming.Host.Tests.Audit;

/// <summary>Recommends one item to everybody: the audit does not judge taste.</summary>
internal sealed class FixedRecommender(ItemDictionary items) : IRecommender
{
    public void Collect(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet into, bool isLate = false)
    {
        into.Clear();
        into.Add(items.GetOrAdd("top"u8));
    }

    public void WriteFeatures(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet candidates, Span<float> rows) { }

    public void Blend(CandidateSet candidates) { }

    public void Rerank(UserState user, long nowMs, CandidateSet candidates, int count) => candidates.Truncate(count);
}

/// <summary>No model.</summary>
internal sealed class NoScorer : IScorer
{
    public string? ModelVersion => null;

    public ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation) => new(ScoreOutcome.NoModel);
}
