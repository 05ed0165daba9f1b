namespace Streaming.Host.Audit.Reference;

/// <summary>docs/fold.md §1.</summary>
internal static class RefMath
{
    private static readonly double[] Roots = MakeRoots();

    /// <summary>2^e.</summary>
    public static double Exp2(double e)
    {
        if (e < -1000) return 0;
        var n = Math.Floor(e);
        var r = e - n;
        var i = (int)Math.Floor(64 * r);
        var z = (r - (i / 64.0)) * 0.6931471805599453;
        var p = 1 + (z / 5);
        p = 1 + (z / 4 * p);
        p = 1 + (z / 3 * p);
        p = 1 + (z / 2 * p);
        p = 1 + (z * p);
        return Math.ScaleB(Table(i) * p, (int)n);
    }

    /// <summary>Dot product in eight float sums.</summary>
    public static float Dot(float[] a, float[] b)
    {
        var s = new float[8];
        for (var i = 0; i < a.Length; i++)
        {
            var product = a[i] * b[i];
            s[i % 8] = s[i % 8] + product;
        }

        return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    }

    /// <summary>n·p that stops at the largest number instead of turning negative.</summary>
    public static long AddSaturating(long sum, long units, long priceE4)
    {
        var total = (Int128)sum + ((Int128)units * priceE4);
        return total > long.MaxValue ? long.MaxValue : total < long.MinValue ? long.MinValue : (long)total;
    }

    private static double Table(int i)
    {
        var product = 1.0;
        for (var bit = 5; bit >= 0; bit--)
        {
            if ((i & (1 << bit)) != 0) product *= Roots[bit];
        }

        return product;
    }

    private static double[] MakeRoots()
    {
        var roots = new double[6];
        roots[5] = Math.Sqrt(2);
        for (var bit = 4; bit >= 0; bit--) roots[bit] = Math.Sqrt(roots[bit + 1]);
        return roots;
    }
}
