using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Rerank;

namespace Streaming.Core.Recall;

/// <summary>
/// Recall, features, fall-back blend and Rerank over this node's item index. One a shard thread: it keeps scratch. Each call holds the index for reading once.
/// 1. The profile is read item by item. 2. Each source offers its best. 3. They are merged, scaled by source. 4. The best by blend stay.
/// </summary>
public sealed class Recommender : IRecommender
{
    private readonly RecallContext _context;
    private readonly TopItems _top;
    private readonly ItemScores _places = new();
    private readonly FeatureWriter _features;
    private readonly Reranker _reranker;
    private readonly Comparison<Candidate> _byScore;
    private readonly float[] _blend;
    private readonly ICandidateGatherer[] _sources;

    /// <summary>Told after each source that it is done; for benchmarks, which have a clock.</summary>
    public Action<CandidateSource>? OnGathered { get; set; }

    /// <summary>A recommender for one thread.</summary>
    /// <param name="index">Item index of the node, shared.</param>
    /// <param name="recall">Options, already validated.</param>
    /// <param name="rerank">Options, already validated.</param>
    public Recommender(ItemIndex index, RecallOptions recall, RerankOptions rerank)
    {
        _context = new RecallContext(index, recall, rerank);
        _sources =
        [
            new NeighbourSource(recall), new CovisitViewSource(), new CovisitBuySource(), new NearestSource(), new PopularSource(), new TrendingSource(), new RepeatSource(),
        ];
        _top = new TopItems(index.Items);
        _features = new FeatureWriter(_context);
        _reranker = new Reranker(_context, rerank);
        _blend = [.. recall.BlendWeights];
        _byScore = (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : index.Items.Compare(a.Item, b.Item);
    }

    /// <inheritdoc/>
    public void Collect(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet into, bool isLate = false)
    {
        into.Clear();
        _places.Clear();
        _context.Index.EnterRead();
        try
        {
            _context.Read(user, vectors, nowMs); // 1
            foreach (var source in _sources)
            {
                if (isLate && source.Source == CandidateSource.Nearest) continue;
                _top.Reset(_context.Options.PerSource);
                source.Gather(_context, _top); // 2
                OnGathered?.Invoke(source.Source);
                Merge(source.Source, _top.Sorted(), into); // 3
            }
        }
        finally
        {
            _context.Index.ExitRead();
        }

        if (into.Count <= _context.Options.MaxCandidates) return;
        Blend(into); // 4
        into.Candidates.Sort(_byScore);
        into.Truncate(_context.Options.MaxCandidates);
    }

    /// <inheritdoc/>
    public void WriteFeatures(UserState user, ItemVectorTable vectors, long nowMs, CandidateSet candidates, Span<float> rows)
    {
        _context.Index.EnterRead();
        try
        {
            _context.Read(user, vectors, nowMs);
            _features.Write(candidates.Candidates, rows);
        }
        finally
        {
            _context.Index.ExitRead();
        }
    }

    /// <inheritdoc/>
    public void Blend(CandidateSet candidates)
    {
        foreach (ref var candidate in candidates.Candidates)
        {
            candidate.Score = 0;
            for (var s = 0; s < Candidate.SourceCount; s++) candidate.Score += _blend[s] * candidate.Scores[s];
        }
    }

    /// <inheritdoc/>
    public void Rerank(UserState user, long nowMs, CandidateSet candidates, int count)
    {
        _context.Index.EnterRead();
        try
        {
            _context.Read(user, _context.Vectors, nowMs);
            _reranker.Rerank(candidates, count);
        }
        finally
        {
            _context.Index.ExitRead();
        }
    }

    private void Merge(CandidateSource source, ReadOnlySpan<ScoredItem> found, CandidateSet into)
    {
        foreach (var (item, score, because) in found)
        {
            var scaled = score / found[0].Score;
            var place = _places.Place(item);
            if (place == into.Count) into.Add(item);
            ref var candidate = ref into.Candidates[place];
            candidate.Scores[(int)source] = scaled;
            candidate.Sources |= (byte)(1 << (int)source);
            if (!(scaled > candidate.Score)) continue;
            candidate.Score = scaled; // until it is scored: the highest so far
            candidate.Main = source;
            candidate.Because = because;
        }
    }
}
