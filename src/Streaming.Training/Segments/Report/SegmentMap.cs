using Streaming.Training.Embeddings;

namespace Streaming.Training.Segments.Report;

/// <summary>Behaviour in the plane in which it is spread most: the first two principal components of the scaled features.</summary>
/// <param name="Shares">Share of the spread along each axis.</param>
/// <param name="Axes">Two axes; weight of each feature.</param>
/// <param name="Centres">Place of each segment's centre; null: it is that of a few persons.</param>
/// <param name="Sample">Customers drawn at random, without a name, for the picture alone.</param>
internal sealed record SegmentMap(double[] Shares, double[][] Axes, (double X, double Y)?[] Centres, (double X, double Y, int Segment)[] Sample)
{
    /// <summary>Most customers in the sample.</summary>
    public const int MostPoints = 600;

    /// <summary>Computes the plane and draws the sample.</summary>
    /// <param name="points">Scaled behaviour.</param>
    /// <param name="belongs">Segment of each; −1: not drawn.</param>
    /// <param name="centres">Centres; null: not drawn.</param>
    /// <param name="seed">Seed of the sample.</param>
    public static SegmentMap Of(double[][] points, int[] belongs, IReadOnlyList<double[]?> centres, ulong seed)
    {
        var width = points[0].Length;
        double[] mean = [.. Enumerable.Range(0, width).Select(f => points.Average(p => p[f]))];
        var covariance = new double[width * width];
        foreach (var point in points)
        {
            for (var i = 0; i < width; i++)
            {
                for (var j = 0; j < width; j++) covariance[(i * width) + j] += (point[i] - mean[i]) * (point[j] - mean[j]) / points.Length;
            }
        }

        var (values, vectors) = JacobiEigen.Of(covariance, width);
        var sum = values.Sum();
        var largest = Enumerable.Range(0, width).OrderByDescending(i => values[i]).Take(2).ToArray();
        double[][] axes = [.. largest.Select(a => Upright([.. Enumerable.Range(0, width).Select(f => vectors[(f * width) + a])]))];
        (double X, double Y) Place(double[] p) => (Along(axes[0], p, mean), Along(axes[1], p, mean));
        int[] order = [.. Enumerable.Range(0, points.Length).Where(i => belongs[i] >= 0)];
        new SeededRandom(seed).Shuffle(order.AsSpan());
        var sample = order.Take(MostPoints).Select(i => (Place(points[i]).X, Place(points[i]).Y, belongs[i]));
        return new SegmentMap([.. largest.Select(a => sum > 0 ? values[a] / sum : 0)], axes, [.. centres.Select(c => c is null ? ((double X, double Y)?)null : Place(c))], [.. sample]);
    }

    private static double Along(double[] axis, double[] point, double[] mean)
    {
        var sum = 0.0;
        for (var f = 0; f < axis.Length; f++) sum += axis[f] * (point[f] - mean[f]);
        return sum;
    }

    // The sign of an eigenvector is free: the greatest weight is made positive.
    private static double[] Upright(double[] axis) => axis.MaxBy(Math.Abs) < 0 ? [.. axis.Select(x => -x)] : axis;
}
