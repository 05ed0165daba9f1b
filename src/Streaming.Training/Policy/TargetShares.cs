using System.Globalization;

namespace Streaming.Training.Policy;

/// <summary>
/// The policy to be valued: the share of each item among its rows at each position, π(item | position). Open Bandit's policies look at the position and at nothing of the visitor (Saito, Aihara, Matsutani and Narita 2021, §4: one distribution
/// of actions a position, there by simulating the production's posteriors, which a shop does not have); the share among the rows is the mean of what they did over the rows' days. Its sampling error is a part of every standard error.
/// </summary>
internal sealed class TargetShares
{
    private readonly PolicyCells _cells;
    private readonly double[] _rows;

    /// <summary>Counts the target's rows.</summary>
    /// <param name="cells">Cells of the log.</param>
    /// <param name="target">Rows without their clicks.</param>
    /// <exception cref="InvalidDataException">A position of the log is not among them.</exception>
    public TargetShares(PolicyCells cells, PolicyRows target)
    {
        _cells = cells;
        _rows = new double[cells.Positions.Count];
        Share = new double[cells.Count];
        foreach (var cell in cells.Of(target))
        {
            Share[cell]++;
            _rows[cell / cells.Items]++;
        }

        for (var p = 0; p < _rows.Length; p++)
        {
            if (_rows[p] == 0) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"target: no row at position {cells.Positions[p]}, which the log has: what the target shows there is not known"));
        }

        for (var c = 0; c < Share.Length; c++) Share[c] /= _rows[c / cells.Items];
    }

    /// <summary>π of each cell; those of a position add up to 1.</summary>
    public double[] Share { get; }

    /// <summary>Mean of a value of each cell under π, at a position.</summary>
    public double Mean(double[] value, int position)
    {
        var sum = 0.0;
        for (var c = position * _cells.Items; c < (position + 1) * _cells.Items; c++) sum += Share[c] * value[c];
        return sum;
    }

    /// <summary>Variance that π's sampling error brings into its value on the log's traffic: the positions' shares², times the variance of the value under π, over the rows there.</summary>
    /// <param name="value">Expected clicks of each cell.</param>
    public double SamplingVariance(double[] value)
    {
        var sum = 0.0;
        for (var p = 0; p < _rows.Length; p++)
        {
            var (mean, spread) = (Mean(value, p), 0.0);
            for (var c = p * _cells.Items; c < (p + 1) * _cells.Items; c++) spread += Share[c] * (value[c] - mean) * (value[c] - mean);
            sum += _cells.PositionShare[p] * _cells.PositionShare[p] * spread / _rows[p];
        }

        return sum;
    }

    /// <summary>Share of the target's traffic, at the log's positions, in cells for which something holds.</summary>
    public double Traffic(Func<int, bool> holds) => Enumerable.Range(0, Share.Length).Where(holds).Sum(c => _cells.PositionShare[c / _cells.Items] * Share[c]);
}
