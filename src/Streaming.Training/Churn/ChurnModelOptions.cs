using Streaming.Training.Trees;

namespace Streaming.Training.Churn;

/// <summary>How a churn model is fitted. The defaults were chosen on windows inside the fit periods of two public shops (docs/churn.md).</summary>
public sealed record ChurnModelOptions
{
    /// <summary>Outcomes of either kind below which a model of its own is not fitted or calibrated. 20 to 1,000,000.</summary>
    public int LeastOutcomes { get; init; } = 200;
    /// <summary>Pull of the logistic weights towards 0, in examples. At least 0.</summary>
    public double Ridge { get; init; } = 500;
    /// <summary>Age of a window, in days before the latest one, at which its rows weigh half. Above 0; infinity: all alike.</summary>
    public double HalfLifeDays { get; init; } = double.PositiveInfinity;
    /// <summary>Days of history from which the time of the year is a feature. At least 366.</summary>
    public int SeasonalDays { get; init; } = 730;
    /// <summary>The boosted trees.</summary>
    public BoostedTreesOptions Trees { get; init; } = new() { Trees = 100, Leaves = 4, LeastWeight = 300 };

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate()
    {
        if (LeastOutcomes is < 20 or > 1_000_000) yield return $"{nameof(LeastOutcomes)} must be 20 to 1,000,000, not {LeastOutcomes}";
        if (!(Ridge >= 0)) yield return $"{nameof(Ridge)} must be at least 0, not {Ridge}";
        if (!(HalfLifeDays > 0)) yield return $"{nameof(HalfLifeDays)} must be above 0, not {HalfLifeDays}";
        if (SeasonalDays < 366) yield return $"{nameof(SeasonalDays)} must be at least 366, not {SeasonalDays}";
        foreach (var error in Trees.Validate()) yield return $"{nameof(Trees)}.{error}";
    }
}
