using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>Popular items: of the categories of the user's latest items first, then of the whole shop.</summary>
internal sealed class PopularSource : ICandidateGatherer
{
    private const int LatestItems = 20;
    private readonly ItemScores _categories = new();

    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.Popular;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        context.Scores.Clear();
        _categories.Clear();
        var lists = context.Index.Lists;
        var latest = context.Mine.Latest;
        latest = latest[..Math.Min(latest.Length, LatestItems)];
        foreach (var item in latest)
        {
            if (context.Index.Entry(item) is { Category: >= 0 } entry) _categories.Add(entry.Category, 1f / latest.Length, -1);
        }

        Take(context, lists.Shop, 0.5f);
        for (var i = 0; i < _categories.Count; i++) Take(context, lists.Category(_categories.Item(i)), 0.5f * _categories.Score(i));
        context.Offer(into);
    }

    private static void Take(RecallContext context, ReadOnlySpan<ScoredItem> list, float weight)
    {
        if (list.IsEmpty || !(list[0].Score > 0)) return;
        var taken = 0;
        foreach (var (item, score, _) in list)
        {
            if (!(score > 0) || taken == context.Options.PerSource) return;
            if (context.Eligibility.IsBlocked(item)) continue;
            context.Scores.Add(item, weight * score / list[0].Score, -1);
            taken++;
        }
    }
}
