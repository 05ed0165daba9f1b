namespace Streaming.Training.Uplift;

/// <summary>
/// Scores of models of different folds on one scale: the share of the model's own training customers of whom it expects less (half of those of whom it expects the same). Expected effects themselves cannot be pooled as they are: the more a
/// fold's own customers were moved, the less a model of all others expects of them, so that folds would be put in the reverse of their true order.
/// </summary>
/// <param name="expected">What the model expects of its training customers.</param>
internal sealed class Priorities(IEnumerable<double> expected)
{
    private readonly double[] _sorted = [.. expected.Order()];

    /// <summary>Share below a score.</summary>
    public double Of(double score) => (First(score, orEqual: false) + First(score, orEqual: true)) / (2.0 * _sorted.Length);

    /// <summary>Customers below a score, or at most at it.</summary>
    private int First(double score, bool orEqual)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle] < score || (orEqual && _sorted[middle] == score)) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
