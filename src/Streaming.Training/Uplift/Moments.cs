namespace Streaming.Training.Uplift;

/// <summary>Sums from which a regression is fitted and measured without its rows.</summary>
/// <param name="gram">x x', row-major; may be shared.</param>
internal sealed class Moments(double[] gram)
{
    /// <summary>Sum of x x', row-major.</summary>
    public double[] Gram { get; } = gram;

    /// <summary>Sum of x y.</summary>
    public double[] Cross { get; init; } = new double[(int)Math.Sqrt(gram.Length)];

    /// <summary>Sum of y².</summary>
    public double Square { get; set; }

    /// <summary>Rows.</summary>
    public double Rows => Gram[0];

    /// <summary>Columns.</summary>
    public int Width => Cross.Length;

    /// <summary>Sums over several parts.</summary>
    public static Moments Sum(IReadOnlyList<Moments> parts)
    {
        var sum = new Moments(new double[parts[0].Gram.Length]);
        foreach (var part in parts)
        {
            for (var i = 0; i < sum.Gram.Length; i++) sum.Gram[i] += part.Gram[i];
            for (var i = 0; i < sum.Cross.Length; i++) sum.Cross[i] += part.Cross[i];
            sum.Square += part.Square;
        }

        return sum;
    }

    /// <summary>Gram times a vector.</summary>
    public double[] Times(double[] b)
    {
        var result = new double[Width];
        for (var i = 0; i < Width; i++)
        {
            var line = Gram.AsSpan(i * Width, Width);
            var sum = 0.0;
            for (var j = 0; j < Width; j++) sum += line[j] * b[j];
            result[i] = sum;
        }

        return result;
    }
}
