namespace Streaming.Training.Sentiment;

/// <summary>
/// Logistic regression with an L2 penalty on sparse rows, by coordinate descent on the dual (Yu, Huang and Lin, "Dual coordinate descent methods for logistic regression and maximum entropy models", Machine Learning 85, 2011, algorithm 5):
/// |w|² / 2 + cost × Σ ln(1 + e^−yz), the constant being the weight of a column of 1. Rows are gone through in an order drawn with a seed, on one thread: the same bits on every run.
/// </summary>
/// <param name="rows">Rows.</param>
/// <param name="labels">Answers.</param>
/// <param name="columns">Number of columns.</param>
/// <param name="seed">Seed of the order.</param>
internal sealed class LogisticSolver(SparseRows rows, bool[] labels, int columns, int seed)
{
    private const int MaxPasses = 60, MaxNewton = 100;
    private const double Tolerance = 0.1, LeastInner = 1e-8, FirstShare = 1e-3, Shrink = 0.1;

    private readonly double[] _alpha = new double[rows.Count], _squares = Squares(rows);
    private readonly int[] _order = [.. Enumerable.Range(0, rows.Count)];
    private readonly SeededRandom _random = new((ulong)seed ^ 0x10915);
    private double _cost;

    /// <summary>A weight a column, then the constant.</summary>
    public double[] Weights { get; } = new double[columns + 1];

    /// <summary>Passages over the rows so far.</summary>
    public int Passes { get; private set; }

    /// <summary>Minimises, beginning from where the last cost ended: along rising costs each begins near its end.</summary>
    /// <param name="cost">Above 0.</param>
    public void Minimise(double cost)
    {
        Begin(cost);
        var inner = 1e-2;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            Passes++;
            _random.Shuffle(_order.AsSpan());
            var (steps, worst) = (0, 0.0);
            foreach (var row in _order)
            {
                var (taken, slope) = Step(row, inner);
                steps += taken;
                worst = Math.Max(worst, slope);
            }

            if (worst < Tolerance) break;
            if (steps <= rows.Count / 10) inner = Math.Max(LeastInner, inner / 10);
        }
    }

    private void Begin(double cost)
    {
        if (_cost == 0)
        {
            for (var r = 0; r < rows.Count; r++)
            {
                _alpha[r] = FirstShare * cost;
                Move(r, _alpha[r]);
            }
        }
        else
        {
            var ratio = cost / _cost;
            for (var r = 0; r < _alpha.Length; r++) _alpha[r] *= ratio;
            for (var j = 0; j < Weights.Length; j++) Weights[j] *= ratio;
        }

        _cost = cost;
    }

    /// <summary>One row's dual variable to its minimum, by Newton's method from the side on which it converges.</summary>
    private (int Steps, double Slope) Step(int row, double inner)
    {
        var (a, b) = (_squares[row], labels[row] ? Sum(row) : -Sum(row));
        var other = (0.5 * a * (_cost - (2 * _alpha[row]))) + b < 0; // minimise over cost − alpha
        var sign = other ? -1 : 1;
        var old = other ? _cost - _alpha[row] : _alpha[row];
        var z = _cost - old < 0.5 * _cost ? Shrink * old : old;
        var slope = (a * (z - old)) + (sign * b) + Math.Log(z / (_cost - z));
        var first = Math.Abs(slope);
        var steps = 0;
        for (; steps <= MaxNewton && Math.Abs(slope) >= inner; steps++)
        {
            var next = z - (slope / (a + (_cost / (_cost - z) / z)));
            z = next <= 0 ? z * Shrink : next;
            slope = (a * (z - old)) + (sign * b) + Math.Log(z / (_cost - z));
        }

        if (steps == 0) return (0, first);
        Move(row, sign * (z - old));
        _alpha[row] = other ? _cost - z : z;
        return (steps, first);
    }

    /// <summary>The logit of a row.</summary>
    private double Sum(int row)
    {
        var at = rows.Columns(row);
        var values = rows.Values(row);
        var sum = Weights[^1];
        for (var i = 0; i < at.Length; i++) sum += Weights[at[i]] * values[i];
        return sum;
    }

    private void Move(int row, double by)
    {
        var at = rows.Columns(row);
        var values = rows.Values(row);
        var step = labels[row] ? by : -by;
        for (var i = 0; i < at.Length; i++) Weights[at[i]] += step * values[i];
        Weights[^1] += step;
    }

    private static double[] Squares(SparseRows rows)
    {
        var squares = new double[rows.Count];
        for (var r = 0; r < squares.Length; r++)
        {
            squares[r] = 1; // the constant's column
            foreach (var value in rows.Values(r)) squares[r] += (double)value * value;
        }

        return squares;
    }
}
