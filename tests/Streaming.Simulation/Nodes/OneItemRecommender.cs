using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;

namespace Streaming.Simulation.Nodes;

/// <summary>Offers the same few items to everybody: what is recommended is not judged here, only that and when.</summary>
internal sealed class OneItemRecommender(ItemDictionary items) : IRecommender
{
    public void Collect(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet into, bool isLate = false)
    {
        into.Clear();
        into.Add(items.GetOrAdd("top"u8));
        into.Add(items.GetOrAdd("next"u8));
    }

    public void WriteFeatures(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet candidates, Span<float> rows) => rows.Clear();

    public void Blend(CandidateSet candidates) => candidates.Candidates[0].Score = 1;

    public void Rerank(UserState user, long nowMs, CandidateSet candidates, int count) => candidates.Truncate(count);
}
