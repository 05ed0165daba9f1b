namespace Streaming.Training.Experiments;

/// <summary>How an experiment is judged; fixed before its first look.</summary>
public sealed record ExperimentOptions
{
    /// <summary>Probability of ever saying that it helps or harms where it does neither. 0.0001 to 0.2.</summary>
    public double Alpha { get; init; } = 0.05;
    /// <summary>Users of both arms at which the interval is tightest: about as many as are hoped for. 100 to 10⁹.</summary>
    public double TightestAtUsers { get; init; } = 20_000;
    /// <summary>Users of each arm before the first look. 30 to 10⁶.</summary>
    public int LeastUsers { get; init; } = 200;
    /// <summary>Difference that is not worth having: an interval within it ends the experiment. 0: none.</summary>
    public double NotWorth { get; init; }
    /// <summary>Share of the users that is to be left alone. 0.01 to 0.99.</summary>
    public double HoldOutShare { get; init; } = 0.1;

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (Alpha is not (>= 0.0001 and <= 0.2)) yield return $"{nameof(Alpha)} must be 0.0001 to 0.2, not {Alpha}";
        if (TightestAtUsers is not (>= 100 and <= 1e9)) yield return $"{nameof(TightestAtUsers)} must be 100 to 1,000,000,000, not {TightestAtUsers}";
        if (LeastUsers is < 30 or > 1_000_000) yield return $"{nameof(LeastUsers)} must be 30 to 1,000,000, not {LeastUsers}";
        if (!(NotWorth >= 0 && double.IsFinite(NotWorth))) yield return $"{nameof(NotWorth)} must be 0 or more, not {NotWorth}";
        if (HoldOutShare is not (>= 0.01 and <= 0.99)) yield return $"{nameof(HoldOutShare)} must be 0.01 to 0.99, not {HoldOutShare}";
    }
}
