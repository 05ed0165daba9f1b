using Streaming.Core.Fold;

namespace Streaming.Core.Recall;

/// <summary>
/// Recall, features and Rerank for one user against this node's item index. Instances keep scratch buffers: one a shard, never shared between threads.
/// Nothing here changes the user's state.
/// </summary>
public interface IRecommender
{
    /// <summary>Stage Recall: gathers candidates of all sources, each at most once, best first within its source.</summary>
    /// <param name="user">The profile, as of <paramref name="nowMs"/>; an empty one for an unknown user.</param>
    /// <param name="vectors">The item-vector table in force in the user's shard.</param>
    /// <param name="nowMs">Stream time, ms: what decays are read at.</param>
    /// <param name="into">Cleared and filled.</param>
    /// <param name="isLate">True: the batch's time is used up; only sources that cost microseconds are asked, not the pass over all vectors.</param>
    void Collect(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet into, bool isLate = false);

    /// <summary>Writes the features of every candidate, row-major, <see cref="Score.RankerFeatures.Count"/> columns.</summary>
    void WriteFeatures(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet candidates, Span<float> rows);

    /// <summary>Fall-back where no model scored: a fixed blend of the sources, written to <see cref="Candidate.Score"/>.</summary>
    void Blend(CandidateSet candidates);

    /// <summary>Stage Rerank: orders by <see cref="Candidate.Score"/> (ties: item id in byte order), filters bought, seen, out-of-stock and excluded items, caps categories, and keeps at most <paramref name="count"/>. Fills up from popular items and marks the set degraded rather than return fewer.</summary>
    void Rerank(UserState user, long nowMs, CandidateSet candidates, int count);
}
