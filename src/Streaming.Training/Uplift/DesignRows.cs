namespace Streaming.Training.Uplift;

/// <summary>Rows of a design, kept by what is not zero in them: the intercept, one column a column with levels, and the lines' values. Sums run in the order of the rows.</summary>
/// <param name="rows">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="levelled">Columns of the trial that have levels.</param>
/// <param name="lineColumns">Column of each line.</param>
internal sealed class DesignRows(int rows, int width, int levelled, int[] lineColumns)
{
    private readonly int _stride = 1 + levelled + lineColumns.Length;

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns.</summary>
    public int Width { get; } = width;

    /// <summary>Column of the level, [row, column of the trial with levels].</summary>
    public int[] Levels { get; } = new int[rows * levelled];

    /// <summary>Values, [row, line].</summary>
    public double[] Values { get; } = new double[rows * lineColumns.Length];

    /// <summary>x'b of a row.</summary>
    public double Dot(int row, double[] b)
    {
        var sum = b[0];
        for (var g = 0; g < levelled; g++) sum += b[Levels[(row * levelled) + g]];
        for (var v = 0; v < lineColumns.Length; v++) sum += b[lineColumns[v]] * Values[(row * lineColumns.Length) + v];
        return sum;
    }

    /// <summary>into += w x of a row.</summary>
    public void AddTo(double[] into, int row, double w)
    {
        into[0] += w;
        for (var g = 0; g < levelled; g++) into[Levels[(row * levelled) + g]] += w;
        for (var v = 0; v < lineColumns.Length; v++) into[lineColumns[v]] += w * Values[(row * lineColumns.Length) + v];
    }

    /// <summary>gram += x x' of some rows, row-major [width, width].</summary>
    public void AddGram(double[] gram, IEnumerable<int> some)
    {
        var columns = new int[_stride];
        var values = new double[_stride];
        values.AsSpan(0, 1 + levelled).Fill(1);
        lineColumns.CopyTo(columns, 1 + levelled);
        foreach (var row in some)
        {
            Levels.AsSpan(row * levelled, levelled).CopyTo(columns.AsSpan(1));
            Values.AsSpan(row * lineColumns.Length, lineColumns.Length).CopyTo(values.AsSpan(1 + levelled));
            for (var i = 0; i < _stride; i++)
            {
                var line = gram.AsSpan(columns[i] * Width, Width);
                for (var j = 0; j < _stride; j++) line[columns[j]] += values[i] * values[j];
            }
        }
    }
}
