namespace Streaming.Training.Policy;

/// <summary>Rows and clicks of each cell: all that a model of cells needs to know of a log.</summary>
/// <param name="Rows">Of each cell.</param>
/// <param name="Clicks">Of each cell.</param>
internal sealed record CellCounts(int[] Rows, int[] Clicks)
{
    /// <summary>Counts of no row.</summary>
    public static CellCounts None(int cells) => new(new int[cells], new int[cells]);

    /// <summary>Counts of each fold.</summary>
    public static CellCounts[] ByFold(int[] cells, bool[] clicked, int[] foldOf, int folds, int count)
    {
        CellCounts[] counts = [.. Enumerable.Range(0, folds).Select(_ => None(count))];
        for (var r = 0; r < cells.Length; r++)
        {
            var fold = counts[foldOf[r]];
            fold.Rows[cells[r]]++;
            if (clicked[r]) fold.Clicks[cells[r]]++;
        }

        return counts;
    }

    /// <summary>The sum of some.</summary>
    public static CellCounts Sum(IEnumerable<CellCounts> some, int cells)
    {
        var sum = None(cells);
        foreach (var counts in some)
        {
            for (var c = 0; c < cells; c++)
            {
                sum.Rows[c] += counts.Rows[c];
                sum.Clicks[c] += counts.Clicks[c];
            }
        }

        return sum;
    }

    /// <summary>Log-loss of a rate for each cell, summed over the rows.</summary>
    public double LogLoss(double[] rate)
    {
        var sum = 0.0;
        for (var c = 0; c < rate.Length; c++) sum -= (Clicks[c] == 0 ? 0 : Clicks[c] * Math.Log(rate[c])) + ((Rows[c] - Clicks[c]) * Math.Log(1 - rate[c]));
        return sum;
    }
}
