using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>
/// VMIS-kNN (Kersbergen et al., SIGMOD 2022): the sessions that share the user's latest items vote for their items. Similarity of a session: sum of the shared items' position
/// weights (L − p) / L, p = 0 for the latest. Vote for an item: similarity × (1 − 0.1 p of the latest shared item) × ln(1 + sessions / sessions with the item).
/// </summary>
internal sealed class NeighbourSource : ICandidateGatherer
{
    private const int Ahead = 8;
    private readonly SimilarSessions _similar = new();
    private float[] _rarities = new float[128];

    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.SessionNeighbours;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        var latest = context.Mine.Latest;
        Vote(context.Index, latest[..Math.Min(latest.Length, context.Options.NeighbourItems)], context.Options.Neighbours, context.Scores);
        context.Offer(into);
    }

    /// <summary>Scores items for a session in progress.</summary>
    /// <param name="index">Held for reading.</param>
    /// <param name="latest">Distinct items, newest first.</param>
    /// <param name="neighbours">k.</param>
    /// <param name="scores">Cleared and filled.</param>
    public void Vote(ItemIndex index, ReadOnlySpan<int> latest, int neighbours, ItemScores scores)
    {
        scores.Clear();
        _similar.Clear();
        var store = index.Neighbours;
        for (var p = 0; p < latest.Length; p++)
        {
            // The first to touch a session is its latest shared item: p rises.
            if (index.Entry(latest[p]) is { } entry) _similar.Add(entry.Postings.AsSpan(0, entry.PostingCount), latest.Length - p, p);
        }

        var kept = _similar.KeepNearest(store, neighbours, latest.Length * (latest.Length + 1) / 2);
        for (var i = 0; i < kept; i++)
        {
            if (i + Ahead < kept) store.AskForItems(_similar.Kept(i + Ahead).Place);
            var (place, similarity, p) = _similar.Kept(i);
            var vote = (float)similarity / latest.Length * Math.Max(0.1f, 1 - (0.1f * p));
            foreach (var item in store.Items(place))
            {
                var at = scores.Find(item);
                if (at < 0)
                {
                    if (index.Entry(item) is null) continue;
                    at = Place(scores, item, MathF.Log(1 + ((float)store.Count / Math.Max(1, store.SessionsWith(item)))));
                }

                // An item is no reason for itself.
                scores.AddAt(at, vote * _rarities[at], latest[p] == item ? -1 : latest[p]);
            }
        }
    }

    // An item comes up in many sessions, and its rarity is a logarithm.
    private int Place(ItemScores scores, int item, float rarity)
    {
        var at = scores.Place(item);
        if (at >= _rarities.Length) Array.Resize(ref _rarities, at * 2);
        _rarities[at] = rarity;
        return at;
    }
}
