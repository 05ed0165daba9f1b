namespace Streaming.Training.Segments;

/// <summary>Agreement of two groupings: 1 the same, 0 as by chance (Hubert and Arabie, "Comparing partitions", 1985).</summary>
internal static class AdjustedRand
{
    /// <summary>The index; 1 where both put everyone into one group, or each into an own.</summary>
    public static double Of<TFirst, TSecond>(IReadOnlyList<TFirst> first, IReadOnlyList<TSecond> second) where TFirst : notnull where TSecond : notnull
    {
        double Pairs(IEnumerable<int> counts) => counts.Sum(c => c * (c - 1.0) / 2);
        var together = Pairs(first.Zip(second).GroupBy(p => p).Select(g => g.Count()));
        var (a, b) = (Pairs(first.GroupBy(x => x).Select(g => g.Count())), Pairs(second.GroupBy(x => x).Select(g => g.Count())));
        var all = first.Count * (first.Count - 1.0) / 2;
        var expected = all > 0 ? a * b / all : 0;
        var most = (a + b) / 2;
        return most == expected ? 1 : (together - expected) / (most - expected);
    }
}
