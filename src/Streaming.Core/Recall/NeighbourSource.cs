using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>
/// VMIS-kNN (Kersbergen et al., SIGMOD 2022): the sessions that share the user's latest items vote for their items. Similarity of a session: sum of the shared items' position
/// weights (L − p) / L, p = 0 for the latest. Vote for an item: similarity × (1 − 0.1 p of the latest shared item) × ln(1 + sessions / sessions with the item).
/// </summary>
internal sealed class NeighbourSource : ICandidateGatherer
{
    private readonly ItemScores _similar = new();
    private int[] _heap = [];

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
            if (index.Entry(latest[p]) is not { } entry) continue;
            var weight = (float)(latest.Length - p) / latest.Length;
            // The first to touch a session is its latest shared item: p rises, and the strongest part is the first.
            foreach (var place in entry.Postings.AsSpan(0, entry.PostingCount)) _similar.Add(place, weight, p);
        }

        foreach (var i in Nearest(store, neighbours))
        {
            var p = _similar.Because(i);
            var vote = _similar.Score(i) * Math.Max(0.1f, 1 - (0.1f * p));
            foreach (var item in store.Items(_similar.Item(i)))
            {
                if (index.Entry(item) is not { } entry) continue;
                // An item is no reason for itself.
                scores.Add(item, vote * Rarity(entry, store.Count), latest[p] == item ? -1 : latest[p]);
            }
        }
    }

    private static float Rarity(ItemEntry entry, int sessions) => MathF.Log(1 + ((float)sessions / Math.Max(1, entry.SessionCount)));

    /// <summary>The k most similar sessions, best first; ties: the newer. Indexes into <see cref="_similar"/>.</summary>
    private ReadOnlySpan<int> Nearest(SessionNeighbours store, int k)
    {
        if (_heap.Length < k) _heap = new int[k];
        var count = 0;
        for (var i = 0; i < _similar.Count; i++)
        {
            if (count < k)
            {
                _heap[count] = i;
                Up(store, count++);
            }
            else if (IsWorse(store, _heap[0], i))
            {
                _heap[0] = i;
                Down(store, count);
            }
        }

        for (var last = count - 1; last > 0; last--)
        {
            (_heap[0], _heap[last]) = (_heap[last], _heap[0]);
            Down(store, last);
        }

        return _heap.AsSpan(0, count);
    }

    private bool IsWorse(SessionNeighbours store, int left, int right)
    {
        var a = _similar.Score(left);
        var b = _similar.Score(right);
        return a != b ? a < b : store.IsNewer(_similar.Item(right), _similar.Item(left));
    }

    private void Up(SessionNeighbours store, int i)
    {
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (!IsWorse(store, _heap[i], _heap[parent])) return;
            (_heap[i], _heap[parent]) = (_heap[parent], _heap[i]);
            i = parent;
        }
    }

    private void Down(SessionNeighbours store, int count)
    {
        for (var i = 0; ;)
        {
            var child = (2 * i) + 1;
            if (child >= count) return;
            if (child + 1 < count && IsWorse(store, _heap[child + 1], _heap[child])) child++;
            if (!IsWorse(store, _heap[child], _heap[i])) return;
            (_heap[i], _heap[child]) = (_heap[child], _heap[i]);
            i = child;
        }
    }
}
