namespace Streaming.Training.Uplift;

/// <summary>Figures of several scores on the same draws of customers with replacement.</summary>
/// <param name="treated">One a customer.</param>
/// <param name="outcome">One a customer.</param>
/// <param name="draws">Draws.</param>
/// <param name="seed">Seed.</param>
internal sealed class UpliftBootstrap(bool[] treated, double[] outcome, int draws, int seed)
{
    private readonly UpliftCurve _perfectUplift = UpliftCurve.PerfectUplift(treated, outcome);
    private readonly UpliftCurve _perfectQini = UpliftCurve.PerfectQini(treated, outcome);

    /// <summary>Figures of each score: first the whole, then the draws.</summary>
    /// <param name="scores">Scores of every customer, one list a method.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public UpliftFigures[][] Measure(IReadOnlyList<double[]> scores, Action<double>? progress, CancellationToken cancellation)
    {
        UpliftCurve[] curves = [.. scores.Select(s => new UpliftCurve(s, treated, outcome))];
        UpliftFigures[][] figures = [.. curves.Select(_ => new UpliftFigures[draws + 1])];
        var random = new SeededRandom((ulong)seed ^ 0x5eed);
        for (var d = 0; d <= draws; d++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[]? times = null;
            if (d > 0)
            {
                times = new int[outcome.Length];
                for (var i = 0; i < times.Length; i++) times[random.Below(times.Length)]++;
            }

            var (uplift, qini) = (_perfectUplift.Areas(times).Uplift, _perfectQini.Areas(times).Qini);
            for (var m = 0; m < curves.Length; m++)
            {
                var areas = curves[m].Areas(times);
                figures[m][d] = new UpliftFigures(Ratio(areas.Qini, qini), Ratio(areas.Uplift, uplift), curves[m].Best(0.3, times));
            }

            progress?.Invoke((d + 1.0) / (draws + 1));
        }

        return figures;
    }

    // Where every outcome is the same the perfect curve is the straight line, and nothing can be ahead of it.
    private static double Ratio(double area, double perfect) => perfect == 0 ? 0 : area / perfect;
}

/// <summary>Figures of one score.</summary>
/// <param name="Qini">Qini.</param>
/// <param name="UpliftAuc">Uplift AUC.</param>
/// <param name="Top30">Effect in the best 30 %.</param>
internal readonly record struct UpliftFigures(double Qini, double UpliftAuc, double Top30);
