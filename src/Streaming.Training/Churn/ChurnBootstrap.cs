namespace Streaming.Training.Churn;

/// <summary>Intervals by drawing customers with replacement; every figure of a run sees the same draws, so that differences are paired.</summary>
internal sealed class ChurnBootstrap
{
    private readonly int[][] _counts;

    /// <summary>Draws.</summary>
    /// <param name="customers">Number of customers.</param>
    /// <param name="draws">Number of draws.</param>
    /// <param name="seed">Seed.</param>
    public ChurnBootstrap(int customers, int draws, int seed)
    {
        var random = new SeededRandom((ulong)seed ^ 0xb007);
        _counts = new int[draws][];
        for (var d = 0; d < draws; d++)
        {
            var counts = new int[customers];
            for (var i = 0; i < customers; i++) counts[random.Below(customers)]++;
            _counts[d] = counts;
        }
    }

    /// <summary>Interval of a mean.</summary>
    /// <param name="values">One a customer.</param>
    /// <param name="level">Share of draws inside, e.g. 0.9.</param>
    public (double Low, double High) Mean(IReadOnlyList<double> values, double level) => Of(counts =>
    {
        var sum = 0.0;
        for (var i = 0; i < counts.Length; i++) sum += counts[i] * values[i];
        return sum / counts.Length;
    }, level);

    /// <summary>Interval of an area under the ROC curve.</summary>
    public (double Low, double High) Auroc(IReadOnlyList<double> scores, IReadOnlyList<bool> labels, double level)
    {
        var ranked = new RankedScores(scores);
        return Of(counts => ranked.Auroc(labels, counts), level);
    }

    private (double Low, double High) Of(Func<int[], double> figure, double level)
    {
        var figures = _counts.Select(figure).Where(double.IsFinite).Order().ToArray();
        if (figures.Length == 0) return (double.NaN, double.NaN);
        var tail = (1 - level) / 2;
        return (figures[(int)(figures.Length * tail)], figures[Math.Min(figures.Length - 1, (int)(figures.Length * (1 - tail)))]);
    }
}
