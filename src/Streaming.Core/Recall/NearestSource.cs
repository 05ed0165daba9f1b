using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>
/// Items whose vectors point where the user's interest vectors and separate interests point. A forward-decayed sum differs from the decayed one by a positive factor only, so its
/// direction is read as it is.
/// </summary>
internal sealed class NearestSource : ICandidateGatherer
{
    /// <summary>Weights of the short, medium and long vector: the fresher says more.</summary>
    private static readonly float[] OfHalfLife = [1f, 0.95f, 0.9f];
    private readonly NearestItems _nearest = new();
    private ScoredItem[] _found = [];
    private (int Item, float InverseNorm)[] _seeds = [];

    /// <inheritdoc/>
    public CandidateSource Source => CandidateSource.Nearest;

    /// <inheritdoc/>
    public void Gather(RecallContext context, TopItems into)
    {
        var user = context.User;
        var d = context.Vectors.Dimensions;
        if (user.Vectors is null || user.Vectors.Length != FoldOptions.HalfLifeCount * d) return;
        _nearest.Begin();
        for (var k = 0; k < FoldOptions.HalfLifeCount; k++) _nearest.AddQuery(user.Vectors.AsSpan(k * d, d), OfHalfLife[k]);
        foreach (var interest in user.Interests.AsSpan(0, user.InterestCount))
        {
            if (interest.Centroid.Length == d) _nearest.AddQuery(interest.Centroid, 0.9f);
        }

        _nearest.Search(context.Vectors, context.Eligibility, into);
        Explain(context, into);
    }

    /// <summary>Names, for each item found, the one of the user's latest items that lies nearest to it.</summary>
    private void Explain(RecallContext context, TopItems into)
    {
        var sorted = into.Sorted();
        var count = sorted.Length;
        if (_found.Length < count) _found = new ScoredItem[count];
        sorted.CopyTo(_found);
        into.Reset(count);
        var seeds = Seeds(context);
        for (var i = 0; i < count; i++) into.Offer(_found[i].Item, _found[i].Score, Closest(context, seeds, _found[i].Item));
    }

    // Those of the latest items that have a vector, with its inverse norm.
    private ReadOnlySpan<(int Item, float InverseNorm)> Seeds(RecallContext context)
    {
        var latest = context.Mine.Latest;
        latest = latest[..Math.Min(latest.Length, context.Options.ViewSeeds)];
        if (_seeds.Length < latest.Length) _seeds = new (int, float)[latest.Length];
        var count = 0;
        foreach (var item in latest)
        {
            var vector = context.Vectors.Vector(item);
            if (!vector.IsEmpty) _seeds[count++] = (item, Cosines.InverseNorm(vector));
        }

        return _seeds.AsSpan(0, count);
    }

    private static int Closest(RecallContext context, ReadOnlySpan<(int Item, float InverseNorm)> seeds, int item)
    {
        var x = context.Vectors.Vector(item);
        var inverse = Cosines.InverseNorm(x);
        var closest = -1;
        var best = 0f;
        foreach (var (mine, inverseNorm) in seeds)
        {
            if (mine == item) continue;
            var cosine = MathF.Min(1, FixedOrder.Dot(x, context.Vectors.Vector(mine)) * inverse * inverseNorm);
            if (cosine > best) (closest, best) = (mine, cosine);
        }

        return closest;
    }
}
