using System.Diagnostics;
using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>
/// The sessions that share the user's latest items vote for their items: VMIS-kNN (Kersbergen et al., SIGMOD 2022) with the decays of STAN (Garg et al., SIGIR 2019). 1. A session's similarity is
/// the sum of the shared items' weights, by the user's clicks since and by rarity. 2. It is weighed by the session's age and length. 3. The k most similar stay. 4. Each votes for its items, by
/// a power of its similarity and by the distance of the click from the last one of the user's latest shared item, before or after it. 5. An item's votes are weighed by its rarity.
/// <c>evaluate next-item</c> has the same of its own (<c>NeighbourScorer</c>), and a test holds one against the other.
/// </summary>
/// <param name="options">Already validated.</param>
internal sealed class NeighbourSource(RecallOptions options) : ICandidateGatherer
{
    private const int Ahead = 8;
    private readonly NeighbourWeights _weights = new(options);
    private readonly SimilarSessions _similar = new();

    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.SessionNeighbours;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        var count = Math.Min(context.Mine.Latest.Length, options.NeighbourItems);
        Vote(context.Index, context.Mine.Latest[..count], context.Mine.LatestClicks[..count], context.Scores);
        context.Offer(into);
    }

    /// <summary>Scores items for a session in progress.</summary>
    /// <param name="index">Held for reading.</param>
    /// <param name="latest">Distinct items, newest first.</param>
    /// <param name="clicksBefore">Clicks after the last one of each.</param>
    /// <param name="scores">Cleared and filled.</param>
    public void Vote(ItemIndex index, ReadOnlySpan<int> latest, ReadOnlySpan<int> clicksBefore, ItemScores scores)
    {
        scores.Clear();
        _similar.Clear();
        var store = index.Neighbours;
        for (var p = 0; p < latest.Length; p++) // 1
        {
            if (index.Entry(latest[p]) is not { PostingCount: > 0 } entry) continue;
            var weight = _weights.OfMatch(clicksBefore[p], store.Rarity(latest[p]));
            // The first to touch a session is its latest shared item: p rises.
            if (weight > 0) _similar.Add(store, entry.Postings.AsSpan(0, entry.PostingCount), weight, p);
        }

        _similar.Weigh(store, _weights, index.NowMs); // 2
        var kept = _similar.KeepNearest(store, options.Neighbours); // 3
        var greatest = 0f;
        for (var i = 0; i < kept; i++) greatest = MathF.Max(greatest, _similar.Kept(i).Similarity);
        if (greatest == 0) return;
        for (var i = 0; i < kept; i++) // 4
        {
            if (i + Ahead < kept) store.AskForItems(_similar.Kept(i + Ahead).Place);
            var (place, similarity, p) = _similar.Kept(i);
            VoteOf(store.Items(place), latest[p], _weights.OfVote(similarity / greatest), scores);
        }

        for (var i = 0; i < scores.Count; i++) // 5
        {
            var item = scores.Item(i);
            scores.Scale(i, index.Entry(item) is null ? 0 : _weights.OfItem(store.Rarity(item))); // 0: it was evicted
        }
    }

    private void VoteOf(ReadOnlySpan<int> items, int shared, float vote, ItemScores scores)
    {
        var last = items.LastIndexOf(shared);
        Debug.Assert(last >= 0, "a posting leads to a session with the item");
        for (var at = 0; at < items.Length; at++)
        {
            var weight = vote * _weights.OfClick(at - last);
            if (weight > 0) scores.Add(items[at], weight, items[at] == shared ? -1 : shared); // an item is no reason for itself
        }
    }
}
