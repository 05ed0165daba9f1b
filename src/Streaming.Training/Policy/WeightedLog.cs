namespace Streaming.Training.Policy;

/// <summary>
/// The log's rows with their weights w = π(item | position) / propensity, and the estimates that they give. c is a row's click, q what the reward model of the other folds expects of it, Q what it expects at that position under π.
/// </summary>
internal sealed class WeightedLog
{
    /// <summary>Clicks of a log from which on the variance is told more by the clicks' own weights than by all rows' weights; by simulated logs (docs/policy.md).</summary>
    private const double VarianceClicks = 100;

    private readonly double[] _weight;
    private readonly bool[] _clicked;
    private readonly double[] _expected;
    private readonly double[] _policy;
    private readonly double _clicks;
    private readonly double _sum;
    private readonly double _squares;
    private readonly double _share;

    /// <summary>Weighs a log.</summary>
    /// <param name="log">Its rows, with clicks.</param>
    /// <param name="cells">Cell of each row.</param>
    /// <param name="foldOf">Fold of each row.</param>
    /// <param name="target">The policy to be valued.</param>
    /// <param name="rewards">What the folds' models expect.</param>
    /// <param name="items">Number of items: cells of one position.</param>
    public WeightedLog(PolicyRows log, int[] cells, int[] foldOf, TargetShares target, CrossedRewards rewards, int items)
    {
        var n = log.Count;
        (_weight, _expected, _policy, _clicked) = (new double[n], new double[n], new double[n], log.Clicked!);
        double[][] mean = [.. rewards.Rates.Select(rates => Enumerable.Range(0, rates.Length / items).Select(p => target.Mean(rates, p)).ToArray())];
        for (var r = 0; r < n; r++)
        {
            _weight[r] = target.Share[cells[r]] / log.Propensity[r];
            _expected[r] = rewards.Rates[foldOf[r]][cells[r]];
            _policy[r] = mean[foldOf[r]][cells[r] / items];
            _sum += _weight[r];
            _squares += _weight[r] * _weight[r];
        }

        _clicks = _clicked.Count(c => c);
        _share = target.SamplingVariance(rewards.Mean);
    }

    /// <summary>(Σw)² / Σw²; 0 where every weight is 0.</summary>
    public double EffectiveRows => _squares > 0 ? _sum * _sum / _squares : 0;

    /// <summary>Largest weight.</summary>
    public double LargestWeight => _weight.Max();

    /// <summary>Mean weight; its expectation is 1 where the propensities are right and the log can show whatever the target does.</summary>
    public double MeanWeight => _sum / _weight.Length;

    /// <summary>Standard error of <see cref="MeanWeight"/>.</summary>
    public double MeanWeightSe => Math.Sqrt(Math.Max(0, (_squares / _weight.Length) - (MeanWeight * MeanWeight)) / _weight.Length);

    /// <summary>Share of rows whose weight is 0.</summary>
    public double WithoutWeight => (double)_weight.Count(w => w == 0) / _weight.Length;

    /// <summary>Σwc / Σw (Hájek; Swaminathan and Joachims 2015).</summary>
    public PolicyEstimate SelfNormalised()
    {
        if (_sum == 0) return PolicyInterval.Of(0, 0, 1);
        var value = Sum(r => _weight[r] * Click(r)) / _sum;
        var own = Sum(r => Square(_weight[r] * (Click(r) - value))) / (_sum * _sum);
        return Of(value, own, value * (1 - value) / EffectiveRows, 1 / EffectiveRows);
    }

    /// <summary>Mean of w (c − q) + Q (Dudík, Langford and Li 2011): right where either the propensities or the reward model are.</summary>
    public PolicyEstimate DoublyRobust()
    {
        var rows = (double)_weight.Length;
        double Part(int r) => (_weight[r] * (Click(r) - _expected[r])) + _policy[r];
        var value = Sum(Part) / rows;
        return Of(value, Sum(r => Square(Part(r) - value)) / (rows * rows), Rate(value) * (1 - Rate(value)) * _squares / (rows * rows), _squares / (rows * rows));
    }

    /// <summary>Mean of wc.</summary>
    public PolicyEstimate Plain()
    {
        var rows = (double)_weight.Length;
        var value = Sum(r => _weight[r] * Click(r)) / rows;
        return Of(value, Sum(r => Square((_weight[r] * Click(r)) - value)) / (rows * rows), ((Rate(value) * _squares / rows) - (value * value)) / rows, _squares / (rows * rows));
    }

    /// <summary>Mean of c: what the log's own policy earned.</summary>
    public PolicyEstimate Naive() => Rate((int)_clicks, _weight.Length);

    /// <summary>A plain rate with its interval.</summary>
    public static PolicyEstimate Rate(int clicks, int rows)
    {
        var rate = (double)clicks / rows;
        return PolicyInterval.Of(rate, rate * (1 - rate) / rows, 1.0 / rows);
    }

    private static double Rate(double value) => Math.Clamp(value, 0, 1);

    private static double Square(double x) => x * x;

    // A log of few clicks hardly shows how the weights of clicks vary, all the less where none of the large weights was clicked: there all rows' weights say it, as if clicks and weights were unrelated.
    private PolicyEstimate Of(double value, double own, double unrelated, double clickVariance) =>
        PolicyInterval.Of(value, (((_clicks * own) + (VarianceClicks * unrelated)) / (_clicks + VarianceClicks)) + _share, clickVariance);

    private double Click(int row) => _clicked[row] ? 1 : 0;

    private double Sum(Func<int, double> part)
    {
        var sum = 0.0;
        for (var r = 0; r < _weight.Length; r++) sum += part(r);
        return sum;
    }
}
