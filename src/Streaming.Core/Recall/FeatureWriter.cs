using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Score;

namespace Streaming.Core.Recall;

/// <summary>Writes the columns of <see cref="RankerFeatures.Names"/>, in that order. Every value is finite.</summary>
internal sealed class FeatureWriter(RecallContext context)
{
    private const float MsPerDay = 86_400_000f, MsPerMinute = 60_000f;
    private const int MaxInterests = 64;
    private readonly ItemScores _categories = new();
    private readonly float[] _ofUser = new float[5];
    private readonly float[] _weights = new float[MaxInterests];
    private readonly float[] _inverseNorms = new float[FoldOptions.HalfLifeCount + MaxInterests];
    private float _meanPrice, _popularNow, _popularShortNow;

    /// <summary>Writes one row a candidate.</summary>
    public void Write(ReadOnlySpan<Candidate> candidates, Span<float> rows)
    {
        ReadUser();
        ReadNorms();
        (_popularNow, _popularShortNow) = (context.Index.Popularity.Long.At(context.NowMs), context.Index.Popularity.Short.At(context.NowMs));
        var columns = RankerFeatures.Count;
        for (var i = 0; i < candidates.Length; i++)
        {
            var row = new Row(rows.Slice(i * columns, columns));
            WriteAffinity(candidates[i].Item, ref row);
            WriteSources(candidates[i], ref row);
            WriteItem(candidates[i].Item, ref row);
            WritePair(candidates[i].Item, ref row);
            foreach (var value in _ofUser) row.Add(value);
        }
    }

    private void ReadUser()
    {
        var user = context.User;
        _categories.Clear();
        var prices = 0f;
        var priced = 0;
        var latest = context.Mine.Latest;
        foreach (var item in latest)
        {
            if (context.Index.Entry(item) is not { } entry) continue;
            if (entry.Category >= 0) _categories.Add(entry.Category, 1f / latest.Length, -1);
            if (entry.Price <= 0) continue;
            prices += entry.Price;
            priced++;
        }

        _meanPrice = priced == 0 ? 0 : prices / priced;
        var heaviest = 0f;
        for (var i = 0; i < Math.Min(user.InterestCount, MaxInterests); i++)
        {
            var interest = user.Interests[i];
            _weights[i] = (float)interest.Weight * HalfLives.Since(interest.LastMs, context.NowMs, context.Options.InterestHalfLife);
            heaviest += Math.Max(0, _weights[i]);
        }

        for (var i = 0; i < Math.Min(user.InterestCount, MaxInterests); i++) _weights[i] = heaviest > 0 ? _weights[i] / heaviest : 0;
        _ofUser[0] = MathF.Log(1 + Math.Max(0f, user.EventCount));
        _ofUser[1] = MathF.Log(1 + Math.Max(0f, user.Purchases.Occasions));
        _ofUser[2] = user.Purchases.Occasions == 0 ? 0 : LogSince(user.Purchases.LastMs, MsPerDay);
        _ofUser[3] = MathF.Log(1 + Math.Max(0f, user.Session.EventCount));
        _ofUser[4] = context.Mine.RingDistinct;
    }

    private bool HasVectors => context.User.Vectors is { } vectors && vectors.Length == FoldOptions.HalfLifeCount * context.Vectors.Dimensions;

    private void ReadNorms()
    {
        if (!HasVectors) return;
        var user = context.User;
        var d = context.Vectors.Dimensions;
        for (var k = 0; k < FoldOptions.HalfLifeCount; k++) _inverseNorms[k] = Cosines.InverseNorm(user.Vectors.AsSpan(k * d, d));
        for (var i = 0; i < Math.Min(user.InterestCount, MaxInterests); i++) _inverseNorms[FoldOptions.HalfLifeCount + i] = Cosines.InverseNorm(user.Interests[i].Centroid);
    }

    private void WriteAffinity(int item, ref Row row)
    {
        var user = context.User;
        var x = context.Vectors.Vector(item);
        var d = context.Vectors.Dimensions;
        var has = !x.IsEmpty && HasVectors;
        var ofItem = has ? Cosines.InverseNorm(x) : 0;
        for (var k = 0; k < FoldOptions.HalfLifeCount; k++) row.Add(has ? Cosine(x, ofItem, user.Vectors.AsSpan(k * d, d), k) : 0);
        var best = 0f;
        var weight = 0f;
        for (var i = 0; has && i < Math.Min(user.InterestCount, MaxInterests); i++)
        {
            if (user.Interests[i].Centroid.Length != d) continue;
            var cosine = Cosine(x, ofItem, user.Interests[i].Centroid, FoldOptions.HalfLifeCount + i);
            if (cosine > best) (best, weight) = (cosine, _weights[i]);
        }

        row.Add(best);
        row.Add(weight);
    }

    private float Cosine(ReadOnlySpan<float> x, float ofItem, ReadOnlySpan<float> y, int norm) => Math.Clamp(FixedOrder.Dot(x, y) * ofItem * _inverseNorms[norm], -1f, 1f);

    private static void WriteSources(in Candidate candidate, ref Row row)
    {
        for (var s = 0; s < Candidate.SourceCount; s++) row.Add(candidate.Scores[s]);
        row.Add(System.Numerics.BitOperations.PopCount(candidate.Sources));
    }

    private void WriteItem(int item, ref Row row)
    {
        var entry = context.Index.Entry(item);
        row.Add(entry is null ? 0 : MathF.Log(1 + (entry.Popular * _popularNow)));
        row.Add(entry is null ? 0 : MathF.Log(1 + (entry.PopularShort * _popularShortNow)));
        row.Add(entry is null ? 0 : Math.Clamp(entry.Trend, -10f, 10f));
        row.Add(entry is null ? 0 : MathF.Log(1 + entry.Price));
        row.Add(context.Vectors.Vector(item).IsEmpty ? 0 : 1);
        var since = entry?.Catalog?.AvailableFromMs ?? entry?.FirstMs ?? 0;
        row.Add(since <= 0 ? 0 : LogSince(since, MsPerDay));
    }

    private void WritePair(int item, ref Row row)
    {
        var mine = context.Mine[item];
        row.Add(mine.Views);
        row.Add(mine.Carts);
        row.Add(mine.Purchases);
        row.Add(mine.Purchases == 0 ? 0 : context.RepeatWeight(mine.RepeatWeight, mine.PurchaseMs));
        row.Add(mine.Purchases == 0 ? 0 : LogSince(mine.PurchaseMs, MsPerDay));
        row.Add(mine.IsInRing ? LogSince(mine.ActionMs, MsPerMinute) : 0);
        row.Add(mine.Impressions);
        var entry = context.Index.Entry(item);
        var category = entry is { Category: >= 0 } ? _categories.Find(entry.Category) : -1;
        row.Add(category < 0 ? 0 : _categories.Score(category));
        row.Add(entry is { Price: > 0 } && _meanPrice > 0 ? Math.Clamp(MathF.Log(entry.Price / _meanPrice), -5f, 5f) : 0);
    }

    private float LogSince(long atMs, float unit) => MathF.Log(1 + (Math.Max(0f, context.NowMs - atMs) / unit));

    /// <summary>A row being filled; what is not finite becomes 0.</summary>
    private ref struct Row(Span<float> columns)
    {
        private readonly Span<float> _columns = columns;
        private int _next;

        public void Add(float value) => _columns[_next++] = float.IsFinite(value) ? value : 0;
    }
}
