namespace Streaming.Training.Uplift;

/// <summary>
/// Do effects differ between customers? The treatment is dealt anew among the customers who were not tested apart, each as though the effect were the same for all (the mean effect is taken off the treated and given to the newly treated;
/// Ding, Feller and Miratrix, "Randomization inference for treatment effect variation", 2016), and the whole pipeline goes again: expected outcomes, learners, choice, shrinkage, scores. The statistic is studentised, so that arms of unequal
/// variance do no harm where there are many customers (Chung and Romano, "Exact and asymptotically robust permutation tests", 2013).
/// </summary>
internal sealed class EffectTest
{
    private readonly IReadOnlyList<EffectPipeline> _pipelines;
    private readonly Trial _trial;
    private readonly bool[] _inTest;
    private readonly double[] _untreated;
    private readonly double _effect;
    private readonly int _seed;

    /// <summary>Prepares.</summary>
    /// <param name="pipelines">The pipeline with several draws of folds, whose mean is the statistic: a verdict must not hang on one of them.</param>
    /// <param name="trial">All rows of the pipelines.</param>
    /// <param name="inTest">Rows of a file that is only tested: treatments are dealt among them apart.</param>
    /// <param name="seed">Seed of the draws.</param>
    public EffectTest(IReadOnlyList<EffectPipeline> pipelines, Trial trial, bool[] inTest, int seed)
    {
        (_pipelines, _trial, _inTest, _seed) = (pipelines, trial, inTest, seed);
        _effect = MeanEffect(trial);
        _untreated = [.. trial.Outcome.Select((y, i) => trial.Treated[i] ? y - _effect : y)];
    }

    /// <summary>Mean outcome of the treated less that of the others.</summary>
    public static double MeanEffect(Trial trial)
    {
        double treated = 0, control = 0;
        var count = 0;
        for (var i = 0; i < trial.Rows; i++)
        {
            if (trial.Treated[i]) (treated, count) = (treated + trial.Outcome[i], count + 1);
            else control += trial.Outcome[i];
        }

        return (treated / count) - (control / (trial.Rows - count));
    }

    /// <summary>Statistic of the trial as it was.</summary>
    public double Observed() => Statistic(_trial.Treated, _trial.Outcome);

    /// <summary>Statistics under equal effects.</summary>
    public double[] Null(int draws, Action<double>? progress, CancellationToken cancellation)
    {
        var statistics = new double[draws];
        for (var d = 0; d < draws; d++)
        {
            cancellation.ThrowIfCancellationRequested();
            statistics[d] = Statistic(d, 0, null);
            progress?.Invoke((d + 1.0) / draws);
        }

        return statistics;
    }

    /// <summary>p of a statistic: share of draws, itself among them, that are not below it.</summary>
    public static double P(double statistic, double[] draws) => (1.0 + draws.Count(s => s >= statistic)) / (draws.Length + 1);

    /// <summary>Least statistic whose p is at most a level.</summary>
    public static double Critical(double[] draws, double level)
    {
        double[] sorted = [.. draws.OrderDescending()];
        // p = (1 + draws not below) / (draws + 1): so many may be as great or greater.
        var allowed = (int)((level * (draws.Length + 1)) + 1e-9) - 1;
        return Math.BitIncrement(sorted[Math.Min(sorted.Length - 1, Math.Max(0, allowed))]);
    }

    /// <summary>
    /// Standard deviation of effects between customers that is found four times in five: effects that differ along one column drawn by chance (two groups, at a random place) are planted into re-dealt trials, at five sizes, and the size of
    /// power 0.8 is read off between them.
    /// </summary>
    /// <param name="critical">Statistic from which the verdict is "differs".</param>
    /// <param name="draws">Draws for each size.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>In units of the outcome; NaN where no size within reach is found.</returns>
    public double SmallestSpread(double critical, int draws, Action<double>? progress, CancellationToken cancellation)
    {
        var noise = Math.Sqrt(Variance(_untreated) / (_trial.Share * (1 - _trial.Share)));
        var unit = (Math.Max(critical, 1) + 0.84) * noise / Math.Sqrt(_inTest.Contains(true) ? _inTest.Count(t => t) : _trial.Rows);
        var (lastSize, lastPower) = (0.0, 0.05);
        double[] sizes = [0.75, 1, 1.3, 1.7, 2.3, 3.2, 4.5];
        for (var s = 0; s < sizes.Length; s++)
        {
            var found = 0;
            for (var d = 0; d < draws; d++)
            {
                cancellation.ThrowIfCancellationRequested();
                // The same draws at each size: power then grows with it.
                if (Statistic(1_000_000 + d, sizes[s] * unit, Direction(d)) >= critical) found++;
            }

            progress?.Invoke((s + 1.0) / sizes.Length);
            var power = (double)found / draws;
            if (power >= 0.8) return unit * (lastSize + ((sizes[s] - lastSize) * (0.8 - lastPower) / Math.Max(1e-9, power - lastPower)));
            (lastSize, lastPower) = (sizes[s], power);
        }

        return double.NaN;
    }

    private double Statistic(bool[] treated, double[] outcome) => _pipelines.Average(p => p.Run(treated, outcome).Statistic);

    private double Statistic(int draw, double size, double[]? along)
    {
        var random = new SeededRandom(((ulong)(uint)_seed << 32) + (ulong)draw);
        var treated = _trial.Treated.ToArray();
        foreach (var test in (bool[])[false, true])
        {
            int[] some = [.. Enumerable.Range(0, treated.Length).Where(i => _inTest[i] == test)];
            bool[] dealt = [.. some.Select(i => treated[i])];
            random.Shuffle<bool>(dealt);
            for (var i = 0; i < some.Length; i++) treated[some[i]] = dealt[i];
        }

        double[] outcome = [.. _untreated.Select((y, i) => treated[i] ? y + _effect + (along is null ? 0 : size * along[i]) : y)];
        return Statistic(treated, outcome);
    }

    /// <summary>Two groups of customers along a column, mean 0 and variance 1.</summary>
    private double[] Direction(int draw)
    {
        var random = new SeededRandom(((ulong)(uint)_seed << 32) + 0x9000_0000UL + (ulong)draw);
        for (var attempt = 0; attempt < 20 && _trial.Features.Count > 0; attempt++)
        {
            var feature = _trial.Features[random.Below(_trial.Features.Count)];
            var cut = feature.Numbers?[random.Below(_trial.Rows)] ?? 0;
            var texts = feature.Texts?.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(_ => random.Uniform() < 0.5).ToHashSet(StringComparer.Ordinal);
            double[] group = [.. Enumerable.Range(0, _trial.Rows).Select(i => (texts?.Contains(feature.Texts![i]) ?? feature.Numbers![i] >= cut) ? 1.0 : 0)];
            var share = group.Average();
            if (share is < 0.1 or > 0.9) continue;
            var deviation = Math.Sqrt(share * (1 - share));
            return [.. group.Select(g => (g - share) / deviation)];
        }

        return [.. Enumerable.Range(0, _trial.Rows).Select(_ => random.Normal())];
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Average(v => (v - mean) * (v - mean));
    }
}
