using Streaming.Training.Churn;

namespace Streaming.Training.Uplift;

/// <summary>
/// A regression whose groups of columns are random effects, each with a variance of its own that is read from the data: MacKay's fixed point ("Bayesian interpolation", 1992) on sums alone. A group whose variance goes to zero leaves the
/// model, so that what is not there shrinks to a constant.
/// </summary>
internal static class GroupRidge
{
    private const int Rounds = 12;
    private const double Settled = 0.02;
    private const double FirstShare = 0.02;
    private const double PlainRows = 20;

    /// <summary>Most columns that a model looks at; beyond it the groups that speak loudest alone are taken.</summary>
    private const int MaxColumns = 64;

    /// <summary>Fits with a variance for each group.</summary>
    /// <param name="data">Sums of the training rows.</param>
    /// <param name="columns">Columns that take part; the first is the intercept, which is not shrunk.</param>
    /// <param name="groupOf">Group of every column.</param>
    /// <param name="reluctance">0: every group that the evidence favours stays; 0.5: one of a single column stays from |z| of about 2.4 on.</param>
    public static double[] Fit(Moments data, int[] columns, int[] groupOf, double reluctance)
    {
        var model = new double[data.Width];
        if (data.Rows <= 0) return model;
        var noise = (data.Square - (data.Cross[0] * data.Cross[0] / data.Rows)) / data.Rows;
        model[0] = data.Cross[0] / data.Rows;
        if (!(noise > 1e-12 * Math.Max(1e-12, data.Square / data.Rows))) return model;
        var variances = new double[groupOf[^1] + 1];
        Array.Fill(variances, FirstShare * noise);
        columns = Screen(data, columns, groupOf);
        for (var round = 0; round < Rounds; round++)
        {
            var (b, inverse) = Solve(data, columns, groupOf, variances, noise);
            Array.Clear(model);
            for (var i = 0; i < columns.Length; i++) model[columns[i]] = b[i];
            if (columns.Length == 1 || round == Rounds - 1) break;
            var kept = columns.Length;
            columns = Reweigh(columns, groupOf, variances, b, inverse, noise, data.Rows, reluctance, out var moved);
            if (columns.Length == kept && moved < Settled) break;
        }

        return model;
    }

    /// <summary>Fits with one fixed penalty of 20 rows on everything but the intercept.</summary>
    public static double[] FitPlain(Moments data, int[] columns, int[] groupOf)
    {
        var model = new double[data.Width];
        if (data.Rows <= 0) return model;
        columns = Screen(data, columns, groupOf);
        var variances = new double[groupOf[^1] + 1];
        Array.Fill(variances, 1 / PlainRows);
        var (b, _) = Solve(data, columns, groupOf, variances, 1);
        for (var i = 0; i < columns.Length; i++) model[columns[i]] = b[i];
        return model;
    }

    private static (double[] B, double[] Inverse) Solve(Moments data, int[] columns, int[] groupOf, double[] variances, double noise)
    {
        var n = columns.Length;
        var a = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) a[(i * n) + j] = data.Gram[(columns[i] * data.Width) + columns[j]];
            // A column that is zero in every row must not make the system singular.
            a[(i * n) + i] += i == 0 ? 1e-9 : noise / variances[groupOf[columns[i]]];
        }

        var inverse = Cholesky.Invert(a, n);
        var b = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) b[i] += inverse[(i * n) + j] * data.Cross[columns[j]];
        }

        return (b, inverse);
    }

    /// <summary>New variances and how far they moved; columns of groups that are left.</summary>
    private static int[] Reweigh(int[] columns, int[] groupOf, double[] variances, double[] b, double[] inverse, double noise, double rows, double reluctance, out double moved)
    {
        moved = 0;
        var n = columns.Length;
        var (squares, traces, sizes) = (new double[variances.Length], new double[variances.Length], new int[variances.Length]);
        for (var i = 1; i < n; i++)
        {
            var group = groupOf[columns[i]];
            squares[group] += b[i] * b[i];
            traces[group] += noise * inverse[(i * n) + i];
            sizes[group]++;
        }

        for (var g = 1; g < variances.Length; g++)
        {
            if (sizes[g] == 0) continue;
            var free = Math.Max(1e-6, sizes[g] - (traces[g] / variances[g]));
            var next = squares[g] / (free + (2 * reluctance));
            moved = Math.Max(moved, Math.Abs(next - variances[g]) / variances[g]);
            variances[g] = next;
        }

        return [.. columns.Where((c, i) => i == 0 || variances[groupOf[c]] > 0.05 * noise / rows)];
    }

    private static int[] Screen(Moments data, int[] columns, int[] groupOf)
    {
        if (columns.Length <= MaxColumns) return columns;
        var mean = data.Cross[0] / data.Rows;
        var loudest = columns.Skip(1).GroupBy(c => groupOf[c]).Select(g => (Columns: g.ToArray(), Loudness: g.Average(c =>
        {
            var count = data.Gram[c];
            var spread = data.Gram[(c * data.Width) + c] - (count * count / data.Rows);
            var along = data.Cross[c] - (count * mean);
            return spread > 1e-9 * data.Rows ? along * along / spread : 0;
        }))).OrderByDescending(g => g.Loudness).ThenBy(g => g.Columns[0]);
        var taken = new List<int> { columns[0] };
        foreach (var (some, _) in loudest)
        {
            if (taken.Count + some.Length <= MaxColumns) taken.AddRange(some);
        }

        return [.. taken.Take(1).Concat(taken.Skip(1).Order())];
    }
}
