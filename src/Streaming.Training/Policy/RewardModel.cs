using Streaming.Training.Churn;

namespace Streaming.Training.Policy;

/// <summary>Expected clicks of each cell: a logistic regression with a ridge on its columns, by Newton's method on counts of cells; or, at an infinite penalty, one rate for all.</summary>
internal sealed class RewardModel(RewardDesign design, PolicyCells cells)
{
    private const int Iterations = 25;
    private const double Largest = 4;
    private const double Settled = 1e-8;
    private const double Least = 1e-9;
    private readonly List<(int Column, double Value)>[] _rows = [.. Enumerable.Range(0, cells.Count).Select(c => design.Row(c % cells.Items, c / cells.Items))];

    /// <summary>Fits, and gives the rate of every cell, those that were never shown too.</summary>
    /// <param name="counts">Rows and clicks.</param>
    /// <param name="penalty">Pull of each weight but the intercept's towards 0: the reciprocal of its prior variance in log-odds².</param>
    public double[] Rates(CellCounts counts, double penalty)
    {
        var (rows, clicks) = (counts.Rows.Sum(r => (double)r), counts.Clicks.Sum(c => (double)c));
        // Half a click and half a row without one: a rate of 0 or 1 would be certain of what a few rows cannot tell.
        var rate = (clicks + 0.5) / (rows + 1);
        var rates = new double[cells.Count];
        if (double.IsPositiveInfinity(penalty) || clicks == 0 || clicks == rows)
        {
            Array.Fill(rates, rate);
            return rates;
        }

        var weights = Newton(counts, penalty, LogMath.Logit(rate));
        for (var c = 0; c < rates.Length; c++) rates[c] = Math.Clamp(LogMath.Sigmoid(Logit(weights, c)), Least, 1 - Least);
        return rates;
    }

    private double Logit(double[] weights, int cell)
    {
        var sum = 0.0;
        foreach (var (column, value) in _rows[cell]) sum += weights[column] * value;
        return sum;
    }

    private double[] Newton(CellCounts counts, double penalty, double intercept)
    {
        var weights = new double[design.Columns];
        weights[0] = intercept;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var (gradient, hessian) = (new double[weights.Length], new double[weights.Length * weights.Length]);
            for (var c = 0; c < cells.Count; c++)
            {
                if (counts.Rows[c] > 0) AddCell(_rows[c], counts.Rows[c], counts.Clicks[c], LogMath.Sigmoid(Logit(weights, c)), gradient, hessian);
            }

            for (var j = 0; j < weights.Length; j++)
            {
                var pull = j == 0 ? 1e-9 : penalty;
                gradient[j] += pull * weights[j];
                hessian[(j * weights.Length) + j] += pull;
            }

            var step = Cholesky.Solve(hessian, gradient);
            var largest = step.Max(Math.Abs);
            var damp = largest > Largest ? Largest / largest : 1;
            for (var j = 0; j < weights.Length; j++) weights[j] -= damp * step[j];
            if (largest < Settled) break;
        }

        return weights;
    }

    private static void AddCell(List<(int Column, double Value)> row, int rows, int clicks, double rate, double[] gradient, double[] hessian)
    {
        var (slope, curvature) = ((rows * rate) - clicks, rows * rate * (1 - rate));
        for (var a = 0; a < row.Count; a++)
        {
            gradient[row[a].Column] += slope * row[a].Value;
            var part = curvature * row[a].Value;
            for (var b = 0; b <= a; b++) hessian[(row[a].Column * gradient.Length) + row[b].Column] += part * row[b].Value; // columns are in order: the lower triangle
        }
    }
}
