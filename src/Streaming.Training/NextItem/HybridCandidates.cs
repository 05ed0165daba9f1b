using Feature = Streaming.Training.NextItem.HybridFeature;

namespace Streaming.Training.NextItem;

/// <summary>
/// Candidates of one prefix with their features; reused. 1. The sources score. 2. Each gives its best, the prefix its own items. 3. Features. All other items follow by <see cref="Fallback"/>.
/// </summary>
internal sealed class HybridCandidates
{
    /// <summary>Features of a row.</summary>
    public const int Features = (int)Feature.Count;

    private const int MostPrefix = 30;
    private readonly NextItemSources _sources;
    private readonly NeighbourScorer _tuned, _narrow, _wide;
    private readonly SparseScores _tunedVotes, _narrowVotes, _wideVotes;
    private readonly PairSums _pairs;
    private readonly EncoderScorer _encoder;
    private readonly float[] _encoderScores;
    private readonly TopScores _top;
    private readonly int[] _items, _placeOf, _neighbourRanks, _encoderRanks;
    private readonly float[] _rows;
    private readonly int[] _recent;

    /// <summary>Makes the scratch of one thread.</summary>
    public HybridCandidates(NextItemSources sources)
    {
        _sources = sources;
        var (settings, itemCount) = (sources.Settings, sources.Counts.Clicks.Length);
        _tuned = new NeighbourScorer(sources.Neighbours, settings.Neighbours);
        _narrow = new NeighbourScorer(sources.Neighbours, settings.Narrow);
        _wide = new NeighbourScorer(sources.Neighbours, settings.Wide);
        (_tunedVotes, _narrowVotes, _wideVotes) = (new SparseScores(itemCount), new SparseScores(itemCount), new SparseScores(itemCount));
        _pairs = new PairSums(sources.Pairs);
        _encoder = new EncoderScorer(sources.Encoder, sources.Counts, settings.Encoder);
        _encoderScores = new float[itemCount];
        _top = new TopScores(sources.Places, settings.PerSource);
        var most = (5 * settings.PerSource) + MostPrefix;
        (_items, _neighbourRanks, _encoderRanks, _rows) = (new int[most], new int[most], new int[most], new float[most * Features]);
        _placeOf = new int[itemCount];
        Array.Fill(_placeOf, -1);
        _top.Reset(settings.PerSource);
        _top.Offer(sources.Facts.Recent);
        _top.Sort();
        _recent = _top.Items.ToArray();
    }

    /// <summary>Candidates, distinct.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>Candidates.</summary>
    public int Count { get; private set; }

    /// <summary>Features of all candidates, a row each.</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, Count * Features);

    /// <summary>Features of one candidate.</summary>
    public ReadOnlySpan<float> Row(int candidate) => _rows.AsSpan(candidate * Features, Features);

    /// <summary>True where an item is a candidate.</summary>
    public int Find(int item) => item < _placeOf.Length ? _placeOf[item] : -1;

    /// <summary>What items that are no candidates are ordered by, at least 0: the votes, the encoder, popularity.</summary>
    public float Fallback(int item) => _tunedVotes[item] + MathF.Exp(_encoderScores[item] - _sources.Settings.Encoder.Scale) + (1e-6f * _sources.Facts.Popularity[item]);

    /// <summary>Gathers the candidates of a prefix.</summary>
    public void Gather(ReadOnlySpan<int> prefix)
    {
        foreach (var item in Items) _placeOf[item] = -1;
        Count = 0;
        Vote(_tuned, prefix, _tunedVotes); // 1
        Vote(_narrow, prefix, _narrowVotes);
        Vote(_wide, prefix, _wideVotes);
        _pairs.Read(prefix);
        _encoder.Score(prefix, _encoderScores);
        for (var p = 1; p <= Math.Min(prefix.Length, MostPrefix); p++) // 2
        {
            if (prefix[^p] < _placeOf.Length) Take(prefix[^p]);
        }

        TakeBest(_tunedVotes, _neighbourRanks);
        TakeBest(_encoderScores, _encoderRanks);
        TakeBest(_narrowVotes, null);
        TakeBest(_pairs.CosineAll, null);
        if (Count < _recent.Length)
        {
            foreach (var item in _recent) Take(item);
        }

        WriteFeatures(prefix); // 3
    }

    private static void Vote(NeighbourScorer scorer, ReadOnlySpan<int> prefix, SparseScores votes)
    {
        votes.Clear();
        scorer.Vote(prefix, votes);
    }

    private void TakeBest(SparseScores scores, int[]? ranks)
    {
        _top.Reset(_sources.Settings.PerSource);
        _top.Offer(scores);
        TakeTop(ranks);
    }

    private void TakeBest(float[] scores, int[] ranks)
    {
        _top.Reset(_sources.Settings.PerSource);
        _top.Offer(scores);
        TakeTop(ranks);
    }

    private void TakeTop(int[]? ranks)
    {
        _top.Sort();
        for (var i = 0; i < _top.Count; i++)
        {
            var place = Take(_top.Items[i]);
            if (ranks is not null) ranks[place] = i + 1;
        }
    }

    private int Take(int item)
    {
        if (_placeOf[item] >= 0) return _placeOf[item];
        _items[Count] = item;
        _neighbourRanks[Count] = _encoderRanks[Count] = _sources.Settings.PerSource + 20;
        return _placeOf[item] = Count++;
    }

    private void WriteFeatures(ReadOnlySpan<int> prefix)
    {
        var facts = _sources.Facts;
        var (tuned, narrow, wide, after) = (Most(_tunedVotes), Most(_narrowVotes), Most(_wideVotes), Most(_pairs.AfterLast));
        var best = float.NegativeInfinity;
        foreach (var item in Items) best = MathF.Max(best, _encoderScores[item]);
        var last = prefix.Length > 0 && prefix[^1] < _placeOf.Length ? prefix[^1] : -1;
        var distinct = Distinct(prefix);
        for (var c = 0; c < Count; c++)
        {
            var item = _items[c];
            var row = _rows.AsSpan(c * Features, Features);
            row[(int)Feature.NeighbourShare] = Share(_tunedVotes[item], tuned);
            row[(int)Feature.NeighbourVotes] = MathF.Log(_tunedVotes[item] + 1e-4f);
            row[(int)Feature.NeighbourRank] = _neighbourRanks[c];
            row[(int)Feature.NarrowShare] = Share(_narrowVotes[item], narrow);
            row[(int)Feature.WideShare] = Share(_wideVotes[item], wide);
            row[(int)Feature.EncoderScore] = _encoderScores[item];
            row[(int)Feature.EncoderBehind] = _encoderScores[item] - best;
            row[(int)Feature.EncoderRank] = _encoderRanks[c];
            row[(int)Feature.AfterLast] = _pairs.AfterLast[item];
            row[(int)Feature.AfterSecond] = _pairs.AfterSecond[item];
            row[(int)Feature.BeforeLast] = _pairs.BeforeLast[item];
            row[(int)Feature.CosineLast] = _pairs.CosineLast[item];
            row[(int)Feature.CosineAll] = _pairs.CosineAll[item];
            row[(int)Feature.Support] = prefix.Length == 0 ? 0 : _pairs.Support[item] / Math.Min(prefix.Length, 8);
            row[(int)Feature.Popularity] = facts.Popularity[item];
            row[(int)Feature.Recent] = facts.Recent[item];
            row[(int)Feature.Trend] = facts.Trend[item];
            row[(int)Feature.FirstAge] = facts.FirstAge[item];
            row[(int)Feature.LastAge] = facts.LastAge[item];
            row[(int)Feature.Repeats] = facts.Repeats[item];
            row[(int)Feature.Ends] = facts.Ends[item];
            row[(int)Feature.PrefixLength] = prefix.Length;
            row[(int)Feature.PrefixDistinct] = distinct;
            row[(int)Feature.NeighbourBest] = MathF.Log(tuned + 1e-4f);
            row[(int)Feature.EncoderBest] = best;
            row[(int)Feature.LastPopularity] = last < 0 ? -1 : facts.Popularity[last];
            row[(int)Feature.LastRepeats] = last < 0 ? -1 : facts.Repeats[last];
            row[(int)Feature.AfterLastBest] = after;
            WritePrefixFeatures(prefix, item, last, row);
        }
    }

    private void WritePrefixFeatures(ReadOnlySpan<int> prefix, int item, int last, Span<float> row)
    {
        var (times, since, most) = (0, 99, -1f);
        for (var p = 0; p < Math.Min(prefix.Length, MostPrefix); p++)
        {
            var clicked = prefix[^(p + 1)];
            if (clicked == item && times++ == 0) since = p;
            if (p < 6 && clicked < _placeOf.Length && clicked != item) most = MathF.Max(most, _encoder.Cosine(clicked, item));
        }

        row[(int)Feature.TimesInPrefix] = times;
        row[(int)Feature.ClicksSince] = since;
        row[(int)Feature.VectorLast] = last < 0 ? -1 : _encoder.Cosine(last, item);
        row[(int)Feature.VectorMost] = most;
    }

    private static float Distinct(ReadOnlySpan<int> prefix)
    {
        var distinct = 0;
        for (var i = 0; i < prefix.Length; i++)
        {
            if (!prefix[..i].Contains(prefix[i])) distinct++;
        }

        return prefix.Length == 0 ? 1 : (float)distinct / prefix.Length;
    }

    private static float Most(SparseScores scores)
    {
        var most = 0f;
        foreach (var item in scores.Items) most = MathF.Max(most, scores[item]);
        return most;
    }

    private static float Share(float votes, float most) => most > 0 ? votes / most : 0;
}
