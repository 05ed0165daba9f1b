using Streaming.Core.Items;
using Streaming.Core.Recall;

namespace Streaming.Core.Rerank;

/// <summary>
/// Makes the final list. 1. Scores that are not finite go last; impressions without an action discount. 2. Order by score, ties by item id. 3. Filter. 4. Cap categories and variants.
/// 5. Where that came short: what was capped, then popular items, then any item of the catalogue, then what the user bought or saw; each step only as far as needed.
/// </summary>
internal sealed class Reranker
{
    /// <summary>Cause given where the list was filled up.</summary>
    public const string TooFew = "too_few_candidates";

    private readonly RecallContext _context;
    private readonly RerankOptions _options;
    private readonly ItemScores _categories = new();
    private readonly ItemScores _groups = new();
    private readonly ItemScores _taken = new();
    private readonly TopItems _any;
    private readonly Comparison<Candidate> _order;
    private Candidate[] _list = [];
    private int _count;
    private int _wanted;

    public Reranker(RecallContext context, RerankOptions options)
    {
        _context = context;
        _options = options;
        _any = new TopItems(context.Index.Items);
        _order = (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : context.Index.Items.Compare(a.Item, b.Item);
    }

    /// <summary>Reranks in place. The context has been turned to the user, the index is held for reading.</summary>
    public void Rerank(CandidateSet set, int count)
    {
        var lowest = Discount(set.Candidates); // 1
        set.Candidates.Sort(_order); // 2
        Begin(count);
        TakeFrom(set.Candidates, capped: true); // 3, 4
        if (_count < _wanted) TakeFrom(set.Candidates, capped: false); // 5
        var degraded = set.Degraded;
        if (_count < _wanted)
        {
            FillUp(lowest);
            degraded ??= TooFew;
        }

        set.Clear();
        foreach (ref var candidate in _list.AsSpan(0, _count))
        {
            if (float.IsNegativeInfinity(candidate.Score)) candidate.Score = lowest;
            set.Add(candidate.Item) = candidate;
        }

        set.Degraded = degraded;
    }

    private void Begin(int count)
    {
        if (_list.Length < count) _list = new Candidate[count];
        _wanted = count;
        _count = 0;
        _categories.Clear();
        _groups.Clear();
        _taken.Clear();
    }

    /// <summary>Applies fatigue and makes scores that are not finite the last.</summary>
    /// <returns>The lowest finite score; 0 where there is none.</returns>
    private float Discount(Span<Candidate> candidates)
    {
        var lowest = float.PositiveInfinity;
        foreach (ref var candidate in candidates)
        {
            if (!float.IsFinite(candidate.Score))
            {
                candidate.Score = float.NegativeInfinity;
                continue;
            }

            var mine = _context.Mine[candidate.Item];
            if (mine.Impressions > 0)
            {
                var effective = mine.Impressions * HalfLives.Since(mine.ImpressionMs, _context.NowMs, _options.FatigueRecovery);
                var factor = Math.Max(1e-6f, MathF.Pow(_options.FatiguePerImpression, effective));
                candidate.Score = candidate.Score >= 0 ? candidate.Score * factor : Math.Max(float.MinValue, candidate.Score / factor);
            }

            lowest = Math.Min(lowest, candidate.Score);
        }

        return float.IsPositiveInfinity(lowest) ? 0 : lowest;
    }

    private void TakeFrom(ReadOnlySpan<Candidate> candidates, bool capped)
    {
        foreach (ref readonly var candidate in candidates)
        {
            if (_count == _wanted) return;
            if (_taken.Find(candidate.Item) >= 0 || _context.Eligibility.IsBlocked(candidate.Item) || (capped && IsOverCap(candidate.Item))) continue;
            Take(candidate);
        }
    }

    private bool IsOverCap(int item) => _context.Index.Entry(item) is { } entry
        && (IsFull(_categories, entry.Category, _options.MaxPerCategory) || IsFull(_groups, entry.Group, _options.MaxPerGroup));

    private static bool IsFull(ItemScores counts, int key, int max)
    {
        if (key < 0 || max == 0) return false;
        var place = counts.Find(key);
        return place >= 0 && counts.Score(place) >= max;
    }

    private void Take(in Candidate candidate)
    {
        _taken.Place(candidate.Item);
        _list[_count++] = candidate;
        if (_context.Index.Entry(candidate.Item) is not { } entry) return;
        if (entry.Category >= 0) _categories.Add(entry.Category, 1, -1);
        if (entry.Group >= 0) _groups.Add(entry.Group, 1, -1);
    }

    private void FillUp(float score)
    {
        foreach (var (item, _, _) in _context.Index.Lists.Shop)
        {
            if (_count == _wanted) return;
            if (_taken.Find(item) < 0 && !_context.Eligibility.IsBlocked(item)) Fill(item, score);
        }

        FillFromAll(score, unwantedToo: false);
        FillFromAll(score, unwantedToo: true);
    }

    private void FillFromAll(float score, bool unwantedToo)
    {
        if (_count == _wanted) return;
        _any.Reset(_wanted - _count);
        foreach (var entry in _context.Index.All)
        {
            if (!_any.Admits(entry.Item, entry.Popular) || _taken.Find(entry.Item) >= 0 || _context.Eligibility.IsBarred(entry.Item)) continue;
            if (unwantedToo || !_context.Eligibility.IsUnwanted(entry.Item)) _any.Offer(entry.Item, entry.Popular);
        }

        foreach (var (item, _, _) in _any.Sorted()) Fill(item, score);
    }

    private void Fill(int item, float score) => Take(new Candidate
    {
        Item = item, Because = -1, Main = CandidateSource.Popular, Sources = 1 << (int)CandidateSource.Popular, Score = score,
    });
}
