namespace Streaming.Training.Churn;

/// <summary>
/// Expected calibration error over bins of equal mass: mean of |mean probability − share of yes|, weighted by the bins' sizes. Equal probabilities are never parted. Naeini, Cooper and Hauskrecht,
/// "Obtaining well calibrated probabilities using Bayesian binning", 2015; equal mass as in Nguyen and O'Connor, 2015.
/// </summary>
internal sealed class CalibrationError
{
    private readonly IReadOnlyList<double> _probabilities;
    private readonly int[] _order;
    private readonly List<(int From, int To)> _bins = [];

    /// <summary>Cuts the bins.</summary>
    public CalibrationError(IReadOnlyList<double> probabilities, int bins = 10)
    {
        _probabilities = probabilities;
        var keys = probabilities.ToArray();
        _order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, _order);
        var from = 0;
        for (var bin = 1; bin <= bins && from < keys.Length; bin++)
        {
            var to = (int)((long)keys.Length * bin / bins);
            while (to > 0 && to < keys.Length && keys[to].Equals(keys[to - 1])) to++;
            if (to <= from) continue;
            _bins.Add((from, to));
            from = to;
        }
    }

    /// <summary>The error against outcomes.</summary>
    public double Of(IReadOnlyList<bool> labels)
    {
        var sum = 0.0;
        foreach (var (from, to) in _bins)
        {
            var difference = 0.0;
            for (var i = from; i < to; i++) difference += _probabilities[_order[i]] - (labels[_order[i]] ? 1 : 0);
            sum += Math.Abs(difference);
        }

        return sum / _order.Length;
    }

    /// <summary>95th percentile of the error where the probabilities are true: labels drawn from them.</summary>
    public double Noise95(int draws, int seed)
    {
        var random = new SeededRandom((ulong)seed ^ 0xece);
        var labels = new bool[_order.Length];
        var errors = new double[draws];
        for (var d = 0; d < draws; d++)
        {
            for (var i = 0; i < labels.Length; i++) labels[i] = random.Uniform() < _probabilities[i];
            errors[d] = Of(labels);
        }

        Array.Sort(errors);
        return errors[Math.Min(draws - 1, (int)(draws * 0.95))];
    }
}
