namespace Streaming.Training.Uplift;

/// <summary>Sums of outcomes by fold and arm.</summary>
/// <param name="folds">Folds.</param>
/// <param name="width">Columns of the design.</param>
internal sealed class ArmSums(int folds, int width)
{
    /// <summary>Of the treated, by fold.</summary>
    public Moments[] Treated { get; } = [.. Enumerable.Range(0, folds).Select(_ => new Moments(new double[width * width]))];

    /// <summary>Of the others, by fold.</summary>
    public Moments[] Control { get; } = [.. Enumerable.Range(0, folds).Select(_ => new Moments(new double[width * width]))];

    /// <summary>Share of the treated in some folds.</summary>
    public double Share(int[] some) => some.Sum(f => Treated[f].Rows) / some.Sum(f => Treated[f].Rows + Control[f].Rows);

    /// <summary>Mean outcome of the treated less that of the others in some folds.</summary>
    public double Effect(int[] some) =>
        (some.Sum(f => Treated[f].Cross[0]) / some.Sum(f => Treated[f].Rows)) - (some.Sum(f => Control[f].Cross[0]) / some.Sum(f => Control[f].Rows));
}
