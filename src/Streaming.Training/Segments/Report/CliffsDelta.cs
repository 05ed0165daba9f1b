namespace Streaming.Training.Segments.Report;

/// <summary>Cliff's delta (Cliff, "Dominance statistics", 1993) of groups against their rest, with percentile intervals from one bootstrap of customers for all behaviours. For one thread.</summary>
internal sealed class CliffsDelta
{
    private const int MostDraws = 1_000, FewestDraws = 200;
    private const long Work = 20_000_000;
    private readonly int[][] _bins;
    private readonly int[] _widths, _inside, _outside;

    /// <summary>For behaviours of customers.</summary>
    /// <param name="values">By behaviour, then customer; NaN: unknown.</param>
    public CliffsDelta(IReadOnlyList<double[]> values)
    {
        _bins = new int[values.Count][];
        _widths = new int[values.Count];
        for (var b = 0; b < values.Count; b++)
        {
            double[] distinct = [.. values[b].Where(double.IsFinite).Distinct().Order()];
            _bins[b] = [.. values[b].Select(v => double.IsFinite(v) ? Array.BinarySearch(distinct, v) : -1)];
            _widths[b] = distinct.Length;
        }

        (_inside, _outside) = (new int[_widths.DefaultIfEmpty().Max()], new int[_widths.DefaultIfEmpty().Max()]);
        var customers = values.Count == 0 ? 1 : Math.Max(1, values[0].Length);
        Draws = (int)Math.Clamp(Work / customers, FewestDraws, MostDraws);
    }

    /// <summary>Draws of the bootstrap: 1,000, fewer where there are more than 20,000 customers, never below 200.</summary>
    public int Draws { get; }

    /// <summary>Delta of one behaviour; NaN where a side knows nobody.</summary>
    public double Of(int behaviour, int[] inside, int[] outside)
    {
        var (above, below) = Pairs(behaviour, inside, outside);
        return above - below;
    }

    /// <summary>Shares of all pairs in which the one inside has more, and less; NaN where a side knows nobody.</summary>
    public (double Above, double Below) Pairs(int behaviour, int[] inside, int[] outside) => Pairs(Counted(behaviour, inside, _inside), Counted(behaviour, outside, _outside));

    /// <summary>95 % intervals, one a behaviour: both sides are drawn with replacement.</summary>
    public (double Low, double High)[] Intervals(int[] inside, int[] outside, ulong seed)
    {
        var random = new SeededRandom(seed);
        var (a, b) = (new int[inside.Length], new int[outside.Length]);
        var deltas = _bins.Select(_ => new List<double>(Draws)).ToArray();
        for (var d = 0; d < Draws; d++)
        {
            for (var i = 0; i < a.Length; i++) a[i] = inside[random.Below(inside.Length)];
            for (var i = 0; i < b.Length; i++) b[i] = outside[random.Below(outside.Length)];
            for (var behaviour = 0; behaviour < _bins.Length; behaviour++)
            {
                var delta = Of(behaviour, a, b);
                if (double.IsFinite(delta)) deltas[behaviour].Add(delta);
            }
        }

        return [.. deltas.Select(Ends)];
    }

    private static (double Low, double High) Ends(List<double> deltas)
    {
        if (deltas.Count == 0) return (double.NaN, double.NaN);
        deltas.Sort();
        return (deltas[(int)(deltas.Count * 0.025)], deltas[Math.Min(deltas.Count - 1, (int)(deltas.Count * 0.975))]);
    }

    private ReadOnlySpan<int> Counted(int behaviour, int[] customers, int[] into)
    {
        var counts = into.AsSpan(0, _widths[behaviour]);
        counts.Clear();
        foreach (var customer in customers)
        {
            if (_bins[behaviour][customer] is >= 0 and var bin) counts[bin]++;
        }

        return counts;
    }

    private static (double Above, double Below) Pairs(ReadOnlySpan<int> inside, ReadOnlySpan<int> outside)
    {
        long above = 0, below = 0, of = 0, against = 0;
        foreach (var count in outside) against += count;
        var less = 0L;
        for (var bin = 0; bin < inside.Length; bin++)
        {
            above += inside[bin] * less;
            less += outside[bin];
            below += inside[bin] * (against - less);
            of += inside[bin];
        }

        var pairs = (double)of * against;
        return (above / pairs, below / pairs);
    }
}
