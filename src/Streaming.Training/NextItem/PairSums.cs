namespace Streaming.Training.NextItem;

/// <summary>What the pairs of a prefix's items say of each item; reused.</summary>
/// <param name="pairs">Pairs.</param>
internal sealed class PairSums(PairIndex pairs)
{
    private const int PrefixItems = 8;
    private const float Shrinkage = 2;

    /// <summary>Share of what follows the last click.</summary>
    public SparseScores AfterLast { get; } = new(pairs.Out.Length);

    /// <summary>Share of what follows the click before it.</summary>
    public SparseScores AfterSecond { get; } = new(pairs.Out.Length);

    /// <summary>Share of what precedes the last click.</summary>
    public SparseScores BeforeLast { get; } = new(pairs.Out.Length);

    /// <summary>Cosine of both directions with the last click.</summary>
    public SparseScores CosineLast { get; } = new(pairs.Out.Length);

    /// <summary>Cosines with all clicks, 1 / (1 + p) for the one p clicks ago.</summary>
    public SparseScores CosineAll { get; } = new(pairs.Out.Length);

    /// <summary>Clicks with which there is a pair.</summary>
    public SparseScores Support { get; } = new(pairs.Out.Length);

    /// <summary>Sums for a prefix.</summary>
    public void Read(ReadOnlySpan<int> prefix)
    {
        AfterLast.Clear();
        AfterSecond.Clear();
        BeforeLast.Clear();
        CosineLast.Clear();
        CosineAll.Clear();
        Support.Clear();
        for (var p = 0; p < Math.Min(prefix.Length, PrefixItems); p++)
        {
            var item = prefix[^(p + 1)];
            if (item >= pairs.Out.Length) continue;
            var (from, to) = pairs.Of(item);
            var (outShare, mass) = (1 / (pairs.Out[item] + 1), pairs.Mass[item] + Shrinkage);
            for (var i = from; i < to; i++)
            {
                var partner = pairs.Partners[i];
                var cosine = (pairs.After[i] + pairs.Before[i]) / MathF.Sqrt(mass * (pairs.Mass[partner] + Shrinkage));
                CosineAll.Add(partner, cosine / (1 + p));
                Support.Add(partner, 1);
                if (p == 1) AfterSecond.Add(partner, pairs.After[i] * outShare);
                if (p > 0) continue;
                AfterLast.Add(partner, pairs.After[i] * outShare);
                BeforeLast.Add(partner, pairs.Before[i] * outShare);
                CosineLast.Add(partner, cosine);
            }
        }
    }
}
