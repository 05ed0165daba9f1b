namespace Streaming.Core.Churn;

/// <summary>
/// The churn definition and the logistic hazard's coefficients: P(no purchase within the horizon) = σ(Bias + …). The coefficients belong to the horizon
/// that they were fitted for; docs/decisions/0008 says how the defaults were fitted.
/// </summary>
public sealed record ChurnOptions
{
    /// <summary>False: no alerts.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>Horizon h, days (1 to 730).</summary>
    public int HorizonDays { get; init; } = 90;
    /// <summary>Risk at or above which an alert is sent (0 to 1).</summary>
    public double Enter { get; init; } = 0.6;
    /// <summary>Share of users kept as hold-out: alerts with treatment false (0 to 1).</summary>
    public double HoldOut { get; init; } = 0.1;
    /// <summary>Mean gap assumed for users with a single purchase occasion, days.</summary>
    public double DefaultGapDays { get; init; } = 60;
    /// <summary>Intercept.</summary>
    public double Bias { get; init; } = 0.232;
    /// <summary>Weight of ln(1 + days since the last purchase).</summary>
    public double Recency { get; init; }
    /// <summary>Weight of ln(purchase occasions).</summary>
    public double Frequency { get; init; } = -1.691;
    /// <summary>Weight of ln(1 + days since the first purchase).</summary>
    public double Age { get; init; } = 0.096;
    /// <summary>Weight of ln(1 + silence / own mean gap).</summary>
    public double GapRatio { get; init; } = 0.261;
    /// <summary>Added for users without a repeat purchase.</summary>
    public double NoRepeat { get; init; } = -0.227;

    /// <summary>Every value outside its range.</summary>
    public IEnumerable<string> Validate()
    {
        if (HorizonDays is < 1 or > 730) yield return "Churn:HorizonDays must be 1 to 730";
        if (Enter is not (> 0 and < 1)) yield return "Churn:Enter must lie between 0 and 1";
        if (HoldOut is not (>= 0 and <= 1)) yield return "Churn:HoldOut must be 0 to 1";
        if (DefaultGapDays is not (>= 1 and <= 3650)) yield return "Churn:DefaultGapDays must be 1 to 3650";
        foreach (var (name, value) in new[] { ("Bias", Bias), ("Recency", Recency), ("Frequency", Frequency), ("Age", Age), ("GapRatio", GapRatio), ("NoRepeat", NoRepeat) })
        {
            if (!double.IsFinite(value)) yield return $"Churn:{name} must be a finite number";
        }
    }
}
